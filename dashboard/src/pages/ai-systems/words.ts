/** What the pages of AI systems say. */
import { formatCount, formatExact } from "@/lib/numbers";
import { cut, visible } from "@/lib/text";

/** A name within a sentence or a title. */
const named = (name: string) => visible(cut(name, 64));

export const words = {
  title: "AI systems",
  subtitle: "What records here, under which id, and who answers for it.",
  register: "Register AI system",
  list: "AI systems",
  search: "Search names, owners and ids",

  columns: {
    name: "Name",
    id: "Id",
    owner: "Owner",
    environment: "Environment",
    events: "Events, 7 days",
    registered: "Registered",
  },
  nobody: "–",
  open: "Open",
  edit: "Edit",
  more: "More",
  live: "Watch live",
  remove: "Take out of the register",

  onlyRegistered: {
    on: "Only events of registered AI systems are taken here.",
    off: "Events of any AI system are taken. Once all are registered, an owner can let in only those.",
    settings: "Organisation settings",
  },

  seen: {
    title: "They record, and are not registered",
    body: "In the last 7 days. Registering one gives it a name, here and wherever its events are shown.",
    events: (n: number) => (n === 1 ? "1 event" : `${formatCount(n)} events`),
    register: "Register",
    registerThis: (id: string) => `Register ${id}`,
  },

  empty: {
    title: "No AI systems are registered",
    body: "An AI system is known by the ai_id in its events. Register it to give it a name and an owner, and have its events carry the id:",
    command: "GAPIN_AI_ID=ID",
  },
  noneFound: {
    title: "No AI system matches",
    body: (n: number) => `None of the ${formatExact(n)} that are loaded.`,
    action: "Clear the search",
  },

  form: {
    registerTitle: "Register an AI system",
    registerBody: "Its events need not change: they are known by their ai_id.",
    editTitle: (name: string) => `Edit ${named(name)}`,
    name: "Name",
    nameHint: "What people call it. Unique in the organisation.",
    namePlaceholder: "Booking agent",
    nameMissing: "Give it a name.",
    nameTaken: "Another AI system has this name, or this id.",
    nameTakenAlone: "Another AI system has this name.",
    aiId: "Id",
    aiIdHint: "The ai_id in its events, a UUID. Empty: it is given one.",
    aiIdWrong: "A UUID, such as 0f8fad5b-d9cb-469f-a165-70867728950e.",
    owner: "Owner",
    ownerHint: "Who answers for it: a team, an address.",
    ownerPlaceholder: "travel@example.com",
    environment: "Environment",
    environmentHint: "Where it runs.",
    environments: ["production", "staging", "development"],
    useEnvironment: (name: string) => `Set the environment to ${name}`,
    description: "Description",
    descriptionHint: "What it does and what it may do, for whoever reads its record.",
    save: "Save changes",
    cancel: "Cancel",
    unchanged: "Nothing was changed.",
    registered: (name: string) => `${named(name)} is registered.`,
    saved: (name: string) => `${named(name)} was changed.`,
  },

  removing: {
    title: (name: string) => `Take ${named(name)} out of the register?`,
    body: "What it recorded stays, under its id. Its name, owner and description are gone.",
    refused: "Only registered AI systems may record here: from then on its events are refused.",
    action: "Take out",
    done: (name: string) => `${named(name)} is no longer registered.`,
  },

  detail: {
    back: "AI systems",
    unregisteredTitle: "An AI system that is not registered",
    unregistered: "No AI system of this id is registered here. If it recorded, its events are below.",
    facts: "What is known",
    owner: "Owner",
    environment: "Environment",
    description: "Description",
    registered: "Registered",
    changed: "Last changed",
    events: "Latest events",
    watch: "Watch live",
    noEvents: "No events yet",
    noEventsBody: "What it records is here a moment later. It needs its id, an API key and a signing secret:",
    environmentOf: (id: string, origin: string) =>
      `GAPIN_URL=${origin}\nGAPIN_API_KEY=…\nGAPIN_SIGNING_SECRET=…\nGAPIN_AI_ID=${id}`,
    keys: "API keys",
    signingKeys: "Signing keys",
    default: "Default",
    boundKeys: "Signing keys of its own",
    noBoundKeys: "None: any signing key that is bound to no AI system signs for it.",
    createKey: "Create a signing key for it",
    trail: "Its entries in the audit trail",
    columns: { at: "Time", type: "Type", what: "What happened", session: "Session" },
    eventList: "Latest events",
  },
} as const;
