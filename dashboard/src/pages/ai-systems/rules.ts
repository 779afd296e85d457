/** The rules of AI systems: what a form sends, which of those that record are not registered. */
import type { Schemas } from "@/api";
import { words } from "./words";

export type AiSystem = Schemas["AiSystem"];

export interface SystemDraft {
  name: string;
  aiId: string;
  owner: string;
  environment: string;
  description: string;
}

export const FIELDS = ["name", "ai_id", "owner", "environment", "description"] as const;
export type SystemField = (typeof FIELDS)[number];

export function newDraft(aiId = ""): SystemDraft {
  return { name: "", aiId, owner: "", environment: "", description: "" };
}

export function draftOf(system: AiSystem): SystemDraft {
  return {
    name: system.name,
    aiId: system.ai_id,
    owner: system.owner ?? "",
    environment: system.environment ?? "",
    description: system.description ?? "",
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

export function draftFaults(draft: SystemDraft): Partial<Record<SystemField, string>> {
  const faults: Partial<Record<SystemField, string>> = {};
  if (draft.name.trim() === "") faults.name = words.form.nameMissing;
  const id = draft.aiId.trim();
  if (id !== "" && !isUuid(id)) faults.ai_id = words.form.aiIdWrong;
  return faults;
}

/** An empty field is a thing that is not known, which the API calls `null`. */
function known(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed;
}

export function bodyOf(draft: SystemDraft): Schemas["NewAiSystem"] {
  const told = {
    ai_id: known(draft.aiId),
    owner: known(draft.owner),
    environment: known(draft.environment),
    description: known(draft.description),
  };
  const given = Object.fromEntries(Object.entries(told).filter(([, text]) => text !== null));
  return { name: draft.name.trim(), ...given };
}

/** What is sent to change it: what differs, alone. Its id stays. */
export function changesOf(system: AiSystem, draft: SystemDraft): Schemas["ChangedAiSystem"] {
  const changes: Schemas["ChangedAiSystem"] = {};
  if (draft.name.trim() !== system.name) changes.name = draft.name.trim();
  for (const field of ["owner", "environment", "description"] as const) {
    if (known(draft[field]) !== (system[field] ?? null)) changes[field] = known(draft[field]);
  }
  return changes;
}

export function isFound(system: AiSystem, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const texts = [system.name, system.ai_id, system.owner ?? "", system.environment ?? ""];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** Who recorded and is not in the register; nobody, as long as not all of the register is known. */
export function unregistered(
  recorded: readonly Schemas["MetricsTopAiSystem"][],
  registered: readonly AiSystem[],
  isAllKnown: boolean,
): Schemas["MetricsTopAiSystem"][] {
  if (!isAllKnown) return [];
  const known = new Set(registered.map((system) => system.ai_id));
  return recorded.filter(({ ai_id }) => !known.has(ai_id));
}
