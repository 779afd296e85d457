/** The trail's filters: as they stand in the address, and as the API takes them. */
import { type Range, resolveRange } from "@/lib/time";
import type { Entry } from "./entry";

export interface Filter {
  actor: string;
  /** A noun (`api_key`) or an action (`api_key.rotate`). */
  action: string;
  target: string;
  range: Range;
}

export interface Parameters {
  actor?: string;
  action?: string;
  target?: string;
  from?: string;
  to?: string;
}

/** A range that goes up to now has no end, so that what comes is in it. */
export function parametersOf({ actor, action, target, range }: Filter, now: Date): Parameters {
  const told: Parameters = {};
  if (actor.trim() !== "") told.actor = actor.trim();
  if (action !== "") told.action = action;
  if (target.trim() !== "") told.target = target.trim();
  if ("preset" in range) {
    if (range.preset !== "all") told.from = resolveRange(range, now).from.toISOString();
  } else {
    const { from, to } = resolveRange(range, now);
    told.from = from.toISOString();
    told.to = to.toISOString();
  }
  return told;
}

export function isNarrowed({ actor, action, target, range }: Filter): boolean {
  return actor !== "" || action !== "" || target !== "" || !("preset" in range) || range.preset !== "all";
}

/** What the API finds a person, a key, or GAPIN by. */
export function actorKey(actor: Entry["actor"]): string {
  return actor.kind === "anonymous" && actor.name !== "" ? actor.name : actor.id;
}

/** Where the page of a target is; `undefined` for what has none. */
export function pageOf(
  target: Entry["target"],
): { to: string; params?: Record<string, string>; search?: Record<string, string> } | undefined {
  const { kind, id } = target;
  switch (kind) {
    case "api_key":
      return { to: "/keys", search: { key: id } };
    case "signing_key":
      return { to: "/signing-keys", search: { key: id } };
    case "ai_system":
      return { to: "/ai-systems/$id", params: { id } };
    case "user":
      return { to: "/members" };
    case "invitation":
      return { to: "/members", search: { tab: "invitations" } };
    case "topic":
      return { to: "/topics/$name", params: { name: id } };
    case "consumer_group":
      return { to: "/topics/$name", params: { name: id.split("/", 1)[0] ?? id } };
    case "dead_letter":
      return { to: "/dead-letters/$id", params: { id } };
    case "redaction":
      return { to: "/redaction" };
    case "organisation":
    case "retention":
    case "legal_hold":
      return { to: "/settings" };
    default:
      return undefined;
  }
}
