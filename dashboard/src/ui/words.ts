/** Every text that the kit itself shows. */

/** Scopes that not every role has. */
const ROLES_OF_SCOPES: Readonly<Record<string, string>> = {
  "topics:manage": "members, admins and owners",
  "keys:manage": "admins and owners",
  "audit:read": "admins and owners",
  "members:manage": "admins and owners",
  "organisation:manage": "owners",
};

export const words = {
  product: "GAPIN",
  optional: "Optional",
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  back: "Back",
  notifications: "Notifications",
  actions: "Actions",
  actionsFor: (name: string) => `Actions for ${name}`,
  busy: "Working",
  loading: "Loading",
  loadMore: "Load more",
  moreLoaded: "More rows are shown",
  showPassword: "Show password",
  hidePassword: "Hide password",
  clear: "Clear",
  filter: "Filter",
  noMatch: "Nothing matches",
  selected: (count: number) => `${count} selected`,
  panelWidth: "Width of the panel",
  copy: "Copy",
  copied: "Copied",
  notCopied: "Not copied",
  notCopiedHow: "Your browser did not let us copy. Select the text and copy it by hand.",
  typeToConfirm: "to confirm",
  type: "Type",
  secretOnce: "This is the only time it is shown. Store it where your programs keep their secrets.",
  secretSaved: "I have saved it",
  stale: "What you see may be old",
} as const;

export const eventTypes: Readonly<Record<string, string>> = {
  "ai.action": "Action",
  "ai.decision": "Decision",
  "ai.error": "Error",
  "ai.query": "Query",
  "ai.response": "Response",
};

export const problems = {
  retry: "Try again",
  reload: "Reload",
  code: "Code",
  request: "Request",
  copyRequest: "Copy request id",
  offline: {
    title: "You are offline",
    text: "This browser has no network. It goes on by itself once there is one.",
  },
  unreachable: {
    title: "The gateway does not answer",
    text: "It may be starting, or something between it and you is down. It is tried again.",
  },
  forbidden: { title: "You may not see this", text: "Your role does not allow it." },
  scope: (scope: string) => {
    const who = Object.hasOwn(ROLES_OF_SCOPES, scope) ? ROLES_OF_SCOPES[scope] : undefined;
    const needed = `This needs ${scope}, which your role does not have.`;
    return who ? `${needed} It is for ${who}; ask one of them.` : needed;
  },
  ask: "Ask an admin or an owner of the organisation.",
  noOrganisation: {
    title: "You are in no organisation",
    text: "Ask for an invitation, or register one of your own.",
  },
  notFound: {
    title: "There is no such thing",
    text: "It was deleted, was never there, or belongs to another organisation.",
  },
  tooMany: { title: "Too many requests" },
  retryIn: (seconds: number) =>
    seconds === 1 ? "Try again in a second." : `Try again in ${seconds.toLocaleString("en")} seconds.`,
  retryMinutes: (minutes: number) =>
    minutes === 1 ? "Try again in a minute." : `Try again in ${minutes.toLocaleString("en")} minutes.`,
  unavailable: "Nothing is lost by waiting: try again in a moment.",
  ours: {
    title: "Something broke in the gateway",
    text: "Try again. If it stays, give the request id to whoever runs this gateway: its log knows more.",
  },
  signedOut: { title: "You are signed out", text: "Sign in again to go on." },
  updated: {
    title: "The dashboard was updated",
    text: "This page is of the version before. Reload to get the new one.",
  },
  page: { title: "This page broke", text: "Reload it. If it happens again, tell whoever runs this gateway." },
  more: (count: number) => `and ${count} more`,
} as const;
