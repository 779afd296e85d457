/** What the page of signing keys says. */
import { formatExact } from "@/lib/numbers";
import { shellWord } from "@/lib/shell";
import { cut, visible } from "@/lib/text";

/** A name within a sentence or a title. */
const named = (name: string) => visible(cut(name, 64));

export const words = {
  title: "Signing keys",
  subtitle:
    "AI systems sign every event with one. Its signature shows who spoke, and that nothing was changed since.",
  create: "Create signing key",
  list: "Signing keys",

  columns: { name: "Name", signs: "Signs for", versions: "Versions", made: "Made", status: "Status" },
  default: "Default",
  anySystem: "Any AI system",
  version: (n: number) => `v${n}`,
  olderVerify: (n: number) => (n === 1 ? "1 older verifies" : `${formatExact(n)} older verify`),

  status: {
    active: "Active",
    expired: "Expired",
    revoked: "Revoked",
  },

  details: "Details",
  rotate: "Rotate",
  makeDefault: "Make default",
  revoke: "Revoke",
  madeDefault: (name: string) => `${named(name)} is the default now.`,
  unusable: "This can't be done",
  revokedAlready: (name: string) => `${named(name)} is revoked, and stays it. Its name is never given again.`,

  empty: {
    title: "No signing keys yet",
    body: "Without one no event is taken. Create one here, or on the server:",
    command: (organisation: string) =>
      `gapin signing-keys create --org ${shellWord(organisation)} --key-id agent-2026`,
  },
  noDefault: {
    title: "No key is the default",
    body: "Events that name no signing key are refused. Make one of these the default.",
  },

  form: {
    title: "Create a signing key",
    body: "Its secret is shown once, after this.",
    name: "Name",
    nameHint: "Events carry it as key_id. Letters, digits and . _ : - are allowed. It is never given twice.",
    namePlaceholder: "agent-2026",
    nameMissing: "Give it a name.",
    nameWrong: "Begin with a letter or a digit; then letters, digits and . _ : - alone.",
    nameReserved: "env names the secret in the server's environment. Choose another name.",
    nameTaken: "A signing key of this name is there, or was: names are never given again.",
    signs: "Signs for",
    signsHint: "A key that is bound to one AI system verifies events of no other.",
    one: "One that is not registered",
    aiId: "The AI system's id",
    aiIdHint: "The ai_id in its events, a UUID.",
    aiIdWrong: "A UUID, such as 0f8fad5b-d9cb-469f-a165-70867728950e.",
    isDefault: "Make it the default",
    isDefaultHint: "Events that name no key are taken to be signed with it.",
    isFirst: "It is the first, and so the default: events that name no key are taken to be signed with it.",
    cancel: "Cancel",
  },

  secret: {
    made: "Save this signing secret",
    rotated: "Save the new signing secret",
    label: "Signing secret",
    note: "This is the only time that it is shown. Whoever has it can sign as your AI systems: keep it where secrets are kept.",
    use: "The SDKs and gapin sign read it from the environment:",
    keyId: "GAPIN_SIGNING_KEY_ID names the key in each event. The default key's may be left out.",
    python: "Python",
    js: "JavaScript",
    rust: "Rust",
    shell: "Command line",
    older: "What older versions signed is taken until",
    olderNone: "What older versions signed is refused from now on.",
  },

  rotating: {
    title: (name: string) => `Rotate ${named(name)}`,
    body: "The key gets a new secret as its next version. Its name stays, so events need not change.",
    verify: "How long what older versions sign is taken",
    options: {
      "0": {
        label: "Not any more",
        hint: "For a secret that leaked. Events that still wait to be sent are refused.",
      },
      "3600": { label: "One more hour", hint: "Time to restart one program." },
      "86400": { label: "One more day", hint: "Time to hand the new secret round, and for queues to empty." },
      "604800": { label: "Seven more days", hint: "For programs that are restarted seldom." },
      "2592000": { label: "Thirty more days", hint: "The most that there is." },
    },
    sooner: "Older versions that end sooner keep their end.",
    full: (most: number) =>
      `${most} versions verify, the most that there is. Choose that older ones end now, or wait until one has ended.`,
    action: "Rotate",
  },

  revoking: {
    title: (name: string) => `Revoke ${named(name)}?`,
    body: "Every version ends within a second: events that are signed with it are refused. What was recorded stays, and its name is never given again.",
    wasDefault: "It is the default: until another key is, events that name none are refused.",
    action: "Revoke",
    done: (name: string) => `${named(name)} is revoked.`,
  },

  detail: {
    algorithm: "Algorithm",
    signs: "Signs for",
    default: "Default",
    isDefault: "Yes: meant when an event names no key",
    isNotDefault: "No: events have to name it",
    made: "Made",
    versions: "Versions",
    versionsHint:
      "Events name the key, not its version: each version that verifies is tried, the newest first.",
    by: (who: string) => `by ${who}`,
    trail: "Its entries in the audit trail",
    lastUsed: "Last verified an event",
    neverUsed: "Never verified an event",
    newest: "Signs and verifies",
    verifying: (left: string) => `Verifies for ${left} more`,
    over: "Verifies nothing since ",
    revoked: "Revoked ",
    until: "until ",
  },
} as const;
