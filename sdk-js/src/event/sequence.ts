/**
 * How many events of an AI system this process has recorded: one count for all clients and recorders in it, also
 * where the package is loaded twice (as ESM and as CommonJS).
 */

/** Past so many AI systems the one that was counted first is forgotten, and begins again at 0. */
export const AI_SYSTEMS_MAX = 10_000;

const KEY = Symbol.for("gapin.sequences");
const shared = globalThis as { [KEY]?: Map<string, number> };

/** The next number of this AI system; the first is 0. */
export function nextSequence(aiId: string): number {
  shared[KEY] ??= new Map();
  const counts = shared[KEY];
  const next = counts.get(aiId) ?? 0;
  if (next === 0 && counts.size >= AI_SYSTEMS_MAX) {
    const first = counts.keys().next();
    if (first.done !== true) counts.delete(first.value);
  }
  counts.set(aiId, next + 1);
  return next;
}

/** The number that the next event would get. */
export function peekSequence(aiId: string): number {
  return shared[KEY]?.get(aiId) ?? 0;
}
