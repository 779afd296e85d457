/**
 * Every action that the trail tells of, as a sentence. `{actor}` and `{target}` are who did it and to what; any other
 * word in braces is of the entry's detail, and `{name|target}` the first of them that is there.
 */

export interface Telling {
  /** Somebody did it. */
  done: string;
  /** The same where they did it to themselves. */
  self?: string;
  /** It was refused, or failed. */
  failed?: string;
  /** The same where this word of the detail is there and is not empty. */
  with?: { word: string; done: string };
}

/** What actions are about, by their noun, in the order in which they are offered. */
export const NOUNS: Readonly<Record<string, string>> = {
  api_key: "API keys",
  signing_key: "Signing keys",
  ai_system: "AI systems",
  member: "Members",
  invitation: "Invitations",
  session: "Sign-ins and sessions",
  user: "Accounts",
  account: "Accounts at providers",
  organisation: "Organisation",
  redaction: "Redaction",
  retention: "Retention",
  legal_hold: "Legal holds",
  events: "Events",
  topic: "Topics",
  consumer_group: "Consumer groups",
  dead_letter: "Dead letters",
  view: "Saved views",
  plan: "Plans",
  master_key: "Master key",
};

/** By the actions' names. What is missing here is told by its name. */
export const TELLINGS: Readonly<Record<string, Telling>> = {
  "api_key.create": { done: "{actor} created the API key {name|target}" },
  "api_key.update": { done: "{actor} changed the API key {target}" },
  "api_key.rotate": { done: "{actor} rotated the API key {target}" },
  "api_key.revoke": { done: "{actor} revoked the API key {target}" },

  "signing_key.create": { done: "{actor} created the signing key {target}" },
  "signing_key.rotate": { done: "{actor} rotated the signing key {target}" },
  "signing_key.set_default": { done: "{actor} made the signing key {target} the default" },
  "signing_key.revoke": { done: "{actor} revoked the signing key {target}" },

  "ai_system.create": { done: "{actor} registered the AI system {name|target}" },
  "ai_system.update": { done: "{actor} changed the AI system {target}" },
  "ai_system.delete": { done: "{actor} took the AI system {target} out of the register" },

  "member.add": { done: "{actor} added {email|target} as {role}" },
  "member.join": { done: "{actor} joined as {role}" },
  "member.leave": { done: "{actor} left the organisation" },
  "member.remove": { done: "{actor} removed {email|target}" },
  "member.role_change": {
    done: "{actor} changed the role of {email|target} from {from} to {to}",
    self: "{actor} changed their own role from {from} to {to}",
  },

  "invitation.create": { done: "{actor} invited {email|target} as {role}" },
  "invitation.accept": { done: "{actor} registered with an invitation" },
  "invitation.withdraw": {
    done: "{actor} withdrew the invitation of {email|target}",
    with: { word: "reason", done: "The invitation {target} by {actor} ended: {reason}" },
  },

  "session.login": {
    done: "{actor} signed in",
    with: { word: "how", done: "{actor} signed in ({how})" },
  },
  "session.login_failed": {
    done: "{actor} failed to sign in",
    failed: "{actor} failed to sign in",
    with: { word: "reason", done: "{actor} failed to sign in: {reason}" },
  },
  "session.logout": { done: "{actor} signed out" },
  "session.logout_all": { done: "{actor} signed out everywhere" },
  "session.revoke": { done: "{actor} ended another session of theirs" },
  "session.refresh_reused": {
    done: "A session ended: its token came back after it was used",
    failed: "A session ended: its token came back after it was used",
  },

  "user.register": { done: "{actor} registered" },
  "user.create": { done: "{actor} made an account for {email|target}" },
  "user.rename": {
    done: "{actor} changed the name of {email|target}",
    self: "{actor} changed their name",
    with: { word: "name", done: "{actor} changed their name to {name}" },
  },
  "user.verify_email": {
    done: "{actor} confirmed the e-mail address of {email|target}",
    self: "{actor} confirmed their e-mail address",
  },
  "user.change_password": {
    done: "{actor} changed their password",
    failed: "{actor} gave a wrong password when changing it",
  },
  "user.reset_password": {
    done: "{actor} gave {email|target} a one-time password",
    self: "{actor} set a new password by a link from an e-mail",
  },
  "user.set_password": { done: "{actor} set a password" },
  "user.disable_password": { done: "The password of {actor} was put out of use" },
  "user.password_drop": {
    done: "The password that was set before {actor} confirmed the address was dropped",
  },
  "account.link_provider": { done: "{actor} linked an account at {provider|target} for signing in" },

  "organisation.create": { done: "{actor} created the organisation {name|target}" },
  "organisation.update": {
    done: "{actor} changed the organisation's settings",
    with: { word: "name", done: "{actor} renamed the organisation to {name}" },
  },
  "organisation.transfer": { done: "{actor} handed the organisation over to {target}" },

  "redaction.update": { done: "{actor} changed what is redacted" },
  "redaction.erase_key": { done: "{actor} erased the key of the pseudonyms" },
  "retention.update": {
    done: "{actor} left how long events are kept to the installation",
    with: { word: "events_days", done: "{actor} set events to be kept for {events_days} days" },
  },
  "legal_hold.place": {
    done: "{actor} placed a legal hold",
    with: { word: "name", done: "{actor} placed the legal hold {name}" },
  },
  "legal_hold.release": { done: "{actor} released the legal hold {target}" },
  "events.drop": { done: "{actor} dropped {events} events past their retention, of {target}" },

  "topic.create": { done: "{actor} created the topic {target}" },
  "topic.update": { done: "{actor} changed the topic {target}" },
  "topic.delete": {
    done: "{actor} deleted the topic {target}",
    with: { word: "reason", done: "The topic {target} of {actor} was taken back: {reason}" },
  },
  "consumer_group.reset": {
    done: "{actor} moved the consumer group {target} to {to}",
    failed: "{actor} could not move the consumer group {target} to {to}",
  },
  "dead_letter.redrive": {
    done: "{actor} sent the dead letter {target} again",
    with: { word: "ids", done: "{actor} sent {ids} dead letters again" },
  },

  "view.create": { done: "{actor} saved the view {name|target}" },
  "view.update": { done: "{actor} changed the saved view {name|target}" },
  "view.delete": { done: "{actor} deleted the saved view {target}" },

  // Of the whole installation: no organisation's trail has them.
  "plan.set": { done: "{actor} set the plan {target}" },
  "master_key.rotate": { done: "{actor} changed the master key" },
};

/** What happened, without who and to what: for a list of actions to choose from. */
export const VERBS: Readonly<Record<string, string>> = {
  create: "Created",
  update: "Changed",
  rotate: "Rotated",
  revoke: "Revoked",
  delete: "Deleted",
  set_default: "Made default",
  add: "Added",
  join: "Joined",
  leave: "Left",
  remove: "Removed",
  role_change: "Role changed",
  accept: "Accepted",
  withdraw: "Withdrawn",
  login: "Signed in",
  login_failed: "Failed to sign in",
  logout: "Signed out",
  logout_all: "Signed out everywhere",
  refresh_reused: "Token came back",
  register: "Registered",
  rename: "Renamed",
  verify_email: "Address confirmed",
  change_password: "Password changed",
  reset_password: "Password reset",
  set_password: "Password set",
  disable_password: "Password put out of use",
  password_drop: "Password dropped",
  link_provider: "Provider linked",
  transfer: "Handed over",
  erase_key: "Key erased",
  place: "Placed",
  release: "Released",
  drop: "Dropped",
  reset: "Moved",
  redrive: "Sent again",
  set: "Set",
};
