/** What the page of members says. */
import { isRole, type RoleName } from "@/lib/roles";
import { shellWord } from "@/lib/shell";
import { cut, visible } from "@/lib/text";

/** A name within a sentence or a title. */
const named = (name: string) => visible(cut(name, 64));

const roles: Readonly<Record<RoleName, { label: string; a: string; hint: string }>> = {
  owner: {
    label: "Owner",
    a: "an owner",
    hint: "Everything, and the organisation itself: settings, redaction, retention.",
  },
  admin: { label: "Admin", a: "an admin", hint: "Keys, members, topics, and reads the audit trail." },
  member: { label: "Member", a: "a member", hint: "Reads everything that is recorded, and manages topics." },
  viewer: { label: "Viewer", a: "a viewer", hint: "Reads everything that is recorded, and changes nothing." },
};

export const words = {
  title: "Members",
  subtitle: (organisation: string) => `Who belongs to ${named(organisation)}, and what they may do.`,
  invite: "Invite",
  search: "Search names and addresses",
  tabs: {
    members: "Members",
    invitations: (n: number | undefined) =>
      n === undefined || n === 0 ? "Invitations" : `Invitations (${n})`,
    roles: "What roles may",
  },
  roles,
  role: (role: string) => (isRole(role) ? roles[role].label : role),
  list: "Members",
  columns: { name: "Name", email: "E-mail", role: "Role", joined: "Joined" },
  you: "You",

  changeRole: "Change role",
  makeOwner: "Hand over the organisation",
  remove: "Remove",
  leave: "Leave the organisation",
  lastOwner: "The last owner stays: make somebody else an owner first.",
  noneFound: {
    title: "Nobody matches",
    body: (n: number) => (n === 1 ? "One member is loaded." : `${n} members are loaded.`),
    action: "Clear the search",
  },
  alone: {
    title: "You are alone here",
    body: "Invite who should see what your AI systems do. They get a link by e-mail, which is good for 7 days.",
  },

  inviting: {
    title: "Invite somebody",
    body: "They get a link by e-mail. It is good once, for 7 days, and for this address alone.",
    email: "E-mail address",
    emailMissing: "An e-mail address, such as ada@example.com.",
    isMember: "They are a member already.",
    placeholder: "ada@example.com",
    role: "Role",
    send: "Send invitation",
    sent: (email: string) => `The invitation to ${named(email)} is on its way.`,
    noMail: {
      title: "No e-mail can be sent from here",
      body: "Until a mail server is set (GAPIN_SMTP_URL), an operator adds people on the server. It prints a one-time password:",
      command: (email: string, organisation: string, role: string) =>
        `gapin users create --email ${shellWord(email || "ada@example.com")} --org ${shellWord(organisation)} --role ${role}`,
    },
  },

  changing: {
    title: (name: string) => `The role of ${named(name)}`,
    role: "Role",
    own: "This is your own role. What you give up, somebody else has to give back.",
    action: "Change role",
    done: (name: string, role: RoleName) => `${named(name)} is ${roles[role].a} now.`,
    unchanged: "Nothing was changed.",
  },

  removing: {
    title: (name: string) => `Remove ${named(name)}?`,
    body: "They see nothing of this organisation any more, within a second. Their account stays, and so does what they did. Keys that they made go on working.",
    invitations: "Invitations that they sent end with it.",
    action: "Remove",
    done: (name: string) => `${named(name)} is removed.`,
  },

  transferring: {
    title: "Hand over the organisation",
    body: "They become an owner, and you an admin. You can't take it back: they would have to give it.",
    to: "To whom",
    nobody: "There is nobody else yet. Invite somebody, and hand over once they have joined.",
    action: "Hand over",
    done: (name: string) => `${named(name)} owns the organisation now.`,
  },

  leaving: {
    title: (organisation: string) => `Leave ${named(organisation)}?`,
    body: "You see nothing of it any more, and come back only by a new invitation. Your account stays.",
    action: "Leave",
  },

  cancel: "Cancel",
  unusable: "This can't be done",
  tooHigh: (role: RoleName) => `Only who may all that ${roles[role].a} may changes or removes one.`,
  notYou: "This is you. Leave the organisation instead.",

  invitations: {
    list: "Open invitations",
    columns: { email: "E-mail", role: "Role", by: "Invited by", sent: "Sent", ends: "Good until" },
    resend: "Send again",
    withdraw: "Withdraw",
    resent: (email: string) => `Sent to ${named(email)} again. The link before is worth nothing now.`,
    notSent: (email: string) => `The invitation to ${named(email)} was not sent again`,
    withdrawn: (email: string) => `The invitation to ${named(email)} is withdrawn.`,
    notWithdrawn: (email: string) => `The invitation to ${named(email)} was not withdrawn`,
    empty: {
      title: "No open invitations",
      body: "Who is invited is here until they accept, or for 7 days.",
    },
  },

  matrix: {
    label: "What each role may",
    scope: "Scope",
    yes: "yes",
    no: "no",
    keysOnly: "API keys alone record events: a record names the key that it came by.",
    rule: "Nobody gives or takes more than they have: an admin neither makes, changes nor removes an owner.",
  },
} as const;
