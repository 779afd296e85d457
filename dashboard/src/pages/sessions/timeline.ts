/** Where the events of a session stand on a time axis: lanes by type, bars where latency is known, points else. */
import type { ReadRecord } from "@/events/record";
import { momentOf } from "@/lib/moments";
import { latencyOf, reachMs } from "./totals";

export const LANES = ["ai.query", "ai.response", "ai.action", "ai.decision", "ai.error"] as const;
export type Lane = (typeof LANES)[number] | "other";

export interface Span {
  from: number;
  to: number;
}

export interface Mark {
  id: string;
  lane: Lane;
  /** Pixels. */
  x: number;
  width: number;
  isBar: boolean;
  /** How many events stand here, so close that they are one mark. */
  count: number;
  /** When it happened, in milliseconds. */
  at: number;
  latencyMs: number | undefined;
}

/** Narrower than this nothing is seen. */
const BAR_PX_MIN = 3;
/** Points closer than this are one. */
const APART_PX = 3;
const SPAN_MS_MIN = 1;

/** The whole time of the session, with room on both sides. */
export function spanOf(records: readonly ReadRecord[]): Span {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { event, timestamp } of records) {
    const at = momentOf(timestamp);
    if (at === undefined) continue;
    from = Math.min(from, at - reachMs(event));
    to = Math.max(to, at);
  }
  if (from > to) return { from: 0, to: SPAN_MS_MIN };
  const room = Math.max((to - from) * 0.02, SPAN_MS_MIN);
  return { from: from - room, to: to + room };
}

export function laneOf(type: string): Lane {
  return LANES.find((lane) => lane === type) ?? "other";
}

/** The marks within the window, over so many pixels. */
export function marksOf(records: readonly ReadRecord[], window: Span, widthPx: number): Mark[] {
  const perMs = widthPx / Math.max(window.to - window.from, Number.MIN_VALUE);
  const marks: Mark[] = [];
  const lastPoint = new Map<Lane, Mark>();
  for (const { id, event, type, timestamp } of records) {
    const at = momentOf(timestamp);
    if (at === undefined) continue;
    const latencyMs = latencyOf(event);
    const reach = reachMs(event);
    const begin = at - reach;
    if (at < window.from || begin > window.to) continue;
    const lane = laneOf(type);
    const x = (begin - window.from) * perMs;
    const width = (at - begin) * perMs;
    const isBar = reach > 0;
    if (isBar) {
      const shown = Math.max(width, BAR_PX_MIN);
      marks.push({ id, lane, x: x + width - shown, width: shown, isBar, count: 1, at, latencyMs });
      continue;
    }
    const last = lastPoint.get(lane);
    if (last !== undefined && Math.abs(x - last.x) < APART_PX) {
      last.count += 1;
      continue;
    }
    const mark: Mark = { id, lane, x, width: 0, isBar, count: 1, at, latencyMs };
    lastPoint.set(lane, mark);
    marks.push(mark);
  }
  return marks;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * DAY),
];
const TICK_PX_MIN = 96;

/** Where the axis has its marks: round times since the session began. */
export function ticksOf(window: Span, origin: number, widthPx: number): { x: number; sinceMs: number }[] {
  const span = Math.max(window.to - window.from, Number.MIN_VALUE);
  const step =
    STEPS.find((candidate) => (candidate / span) * widthPx >= TICK_PX_MIN) ?? (STEPS.at(-1) as number);
  const first = Math.ceil((window.from - origin) / step);
  const last = Math.floor((window.to - origin) / step);
  const ticks: { x: number; sinceMs: number }[] = [];
  for (let number = first; number <= last && ticks.length < 100; number += 1) {
    const sinceMs = number * step;
    ticks.push({ x: ((origin + sinceMs - window.from) / span) * widthPx, sinceMs });
  }
  return ticks;
}

/** The window made wider or narrower around its middle, within the whole. */
export function zoomed(window: Span, whole: Span, factor: number): Span {
  const middle = (window.from + window.to) / 2;
  const half = Math.max(((window.to - window.from) * factor) / 2, SPAN_MS_MIN / 2);
  return within({ from: middle - half, to: middle + half }, whole);
}

/** A window that was dragged, in whichever direction; nothing where it is too narrow to be meant. */
export function dragged(fromPx: number, toPx: number, window: Span, widthPx: number): Span | undefined {
  const DRAG_PX_MIN = 6;
  if (Math.abs(toPx - fromPx) < DRAG_PX_MIN || widthPx <= 0) return undefined;
  const perPx = (window.to - window.from) / widthPx;
  const left = Math.max(0, Math.min(fromPx, toPx));
  const right = Math.min(widthPx, Math.max(fromPx, toPx));
  return { from: window.from + left * perPx, to: window.from + right * perPx };
}

function within(window: Span, whole: Span): Span {
  const from = Math.max(window.from, whole.from);
  const to = Math.min(window.to, whole.to);
  return to > from ? { from, to } : whole;
}
