/** Drag to zoom: the API tells of whole periods, so a zoom shows some of the steps that are there. */
import type { Span } from "@/lib/steps";

/** A line needs two points. */
const POINTS_MIN = 2;

/** The zoom that an address names; nothing where it names none, or none that can be. */
export function zoomOf(from: string | undefined, to: string | undefined): Span | undefined {
  const [fromMs, toMs] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}

/** The same as an address has it. */
export function zoomParams({ fromMs, toMs }: Span): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

export interface Shown {
  /** The first step that is shown, and the one behind the last. */
  begin: number;
  end: number;
  isZoomed: boolean;
}

/** Which steps are shown: those that lie in the zoom, and all when fewer than two do, for it has gone by. */
export function shownSteps(times: readonly number[], stepS: number, zoom: Span | undefined): Shown {
  const all = { begin: 0, end: times.length, isZoomed: false };
  if (zoom === undefined) return all;
  const begin = times.findIndex((at) => (at + stepS) * 1000 > zoom.fromMs);
  const past = times.findIndex((at) => at * 1000 >= zoom.toMs);
  const end = past === -1 ? times.length : past;
  if (begin === -1 || end - begin < POINTS_MIN) return all;
  return { begin, end, isZoomed: begin > 0 || end < times.length };
}
