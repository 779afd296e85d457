/** Redriving any number of letters, a hundred at a time as the gateway takes them: first how many it would be, then it. */
import type { Schemas } from "@/api";
import { leftOutText } from "./reasons";

/** Letters of one request at most; the gateway's bound. */
export const LETTERS_MAX = 100;

type RedriveResult = Schemas["RedriveResult"];
export type Order = { ids: readonly string[] } | { filter: Schemas["RedriveFilter"] };
export type Ask = (order: Schemas["RedriveOrder"]) => Promise<RedriveResult>;
/** How many open letters match a filter and can be redriven, where a dry run stops counting. */
export type Count = (filter: Schemas["RedriveFilter"]) => Promise<number>;

/** Letters that share a reason. */
export interface Group {
  text: string;
  count: number;
  /** Those that are known by their ids. */
  ids: readonly string[];
}

export interface Plan {
  /** How many would be appended again. */
  redrivable: number;
  /** Those that match the filter and are left alone. */
  leftOut: readonly Group[];
  /** Those that were named and can't be redriven. */
  refused: readonly Group[];
}

export interface Outcome {
  redriven: number;
  failed: readonly Group[];
  leftOut: readonly Group[];
  /** More match than were taken. */
  isMore: boolean;
  /** What broke it off. */
  error?: unknown;
}

/** What would be done; nothing is. */
export async function plan(order: Order, ask: Ask, count: Count): Promise<Plan> {
  if ("filter" in order) {
    const answer = await ask({ filter: order.filter, limit: LETTERS_MAX, dry_run: true });
    const redrivable = answer.more ? Math.max(await count(order.filter), answer.redriven) : answer.redriven;
    return { redrivable, leftOut: answer.left_out.map(groupOf), refused: [] };
  }
  const refused = new Map<string, string>();
  let redrivable = 0;
  for (const ids of parts(order.ids)) {
    const answer = await ask({ ids, dry_run: true });
    redrivable += answer.redriven;
    noteFailures(refused, answer);
  }
  return { redrivable, leftOut: [], refused: grouped(refused) };
}

/** Does it, and tells after each part how far it is. What fails breaks it off; what was done is told all the same. */
export async function carryOut(
  order: Order,
  planned: number,
  ask: Ask,
  onProgress: (redriven: number) => void,
): Promise<Outcome> {
  const failures = new Map<string, string>();
  let redriven = 0;
  let leftOut: readonly Group[] = [];
  let isMore = false;
  try {
    for (const body of bodies(order, planned)) {
      const answer = await ask(body);
      redriven += answer.redriven;
      leftOut = answer.left_out.map(groupOf);
      isMore = answer.more;
      noteFailures(failures, answer);
      onProgress(redriven);
      // Of a filter: nothing is left, or what is left fails again and again.
      if ("filter" in order && (!answer.more || answer.redriven === 0)) break;
    }
  } catch (error) {
    return { redriven, failed: grouped(failures), leftOut, isMore: true, error };
  }
  return { redriven, failed: grouped(failures), leftOut, isMore };
}

/** One more than is needed for a filter: some that failed stay in the way of the rest. */
function* bodies(order: Order, planned: number): Generator<Schemas["RedriveOrder"]> {
  if ("ids" in order) {
    for (const ids of parts(order.ids)) yield { ids };
    return;
  }
  for (let round = 0; round <= Math.ceil(planned / LETTERS_MAX); round++) {
    yield { filter: order.filter, limit: LETTERS_MAX };
  }
}

function parts(ids: readonly string[]): string[][] {
  const found: string[][] = [];
  for (let at = 0; at < ids.length; at += LETTERS_MAX) found.push(ids.slice(at, at + LETTERS_MAX));
  return found;
}

function groupOf(left: Schemas["LeftOut"]): Group {
  return { text: leftOutText(left), count: left.count, ids: [] };
}

function noteFailures(failures: Map<string, string>, answer: RedriveResult): void {
  for (const one of answer.results) {
    if (one.status === "failed") failures.set(one.id, one.detail ?? one.code ?? "");
    else failures.delete(one.id);
  }
}

function grouped(failures: ReadonlyMap<string, string>): Group[] {
  const byText = new Map<string, string[]>();
  for (const [id, text] of failures) byText.set(text, [...(byText.get(text) ?? []), id]);
  return [...byText].map(([text, ids]) => ({ text, count: ids.length, ids }));
}
