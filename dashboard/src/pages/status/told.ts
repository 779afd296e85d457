/** States as the page tells them: words that it knows, and a way to tell those that it does not. */
import type { Connection, Schemas } from "@/api";
import { isReachable, type Subject, type Watch } from "./health";
import { type DependencyWords, type Told, words } from "./words";

export function overallOf(known: Watch, connection: Connection): Told {
  if (!isReachable(known))
    return connection === "offline" ? words.overall.offline : words.overall.unreachable;
  return lookUp(words.overall, known.states.gateway?.state ?? "");
}

export function spoolOf(state: string): Told {
  return lookUp(words.spool, state);
}

export function dependencyWords(name: string): DependencyWords {
  return (
    (Object.hasOwn(words.dependencies, name) ? words.dependencies[name] : undefined) ??
    words.otherDependency(name)
  );
}

export function dependencyOf({ name, state }: Pick<Schemas["Dependency"], "name" | "state">): Told {
  const of = dependencyWords(name);
  switch (state) {
    case "up":
      return { ...words.states.up, means: of.up };
    case "down":
      return { ...words.states.down, ...of.down };
    case "starting":
      return { ...words.states.starting, means: of.starting };
    default:
      return words.unknownState(state);
  }
}

export function subjectName(subject: Subject): string {
  if (subject === "gateway" || subject === "spool") return words.subjects[subject];
  return dependencyWords(subject.slice("dependency:".length)).title;
}

/** A state's word, whatever it is the state of. */
export function stateName(subject: Subject, state: string): string {
  if (subject === "gateway") return lookUp(words.overall, state).label;
  if (subject === "spool") return spoolOf(state).label;
  return dependencyOf({ name: subject.slice("dependency:".length), state }).label;
}

/** How long until the log has taken all that waits; none while it takes nothing. */
export function emptyInMs({ records, drain_records_per_second }: Schemas["Spool"]): number | undefined {
  if (records === 0 || !(drain_records_per_second > 0)) return undefined;
  return (records / drain_records_per_second) * 1000;
}

/** What is behind by more than this is worth a look. */
const LARGE_LAG_MS = 30_000;

export function lagMeans(behindMs: number): "none" | "small" | "large" {
  if (behindMs === 0) return "none";
  return behindMs > LARGE_LAG_MS ? "large" : "small";
}

function lookUp(states: Readonly<Record<string, Told>>, state: string): Told {
  return (Object.hasOwn(states, state) ? states[state] : undefined) ?? words.unknownState(state);
}
