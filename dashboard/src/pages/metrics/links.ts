/** Where the events behind a point are. */
import type { Span } from "@/lib/steps";
import { zoomParams } from "./zoom";

export interface LiveFilter {
  ai?: string;
  type?: string;
  /** A text somewhere in the event. */
  q?: string;
}

/** The events that were received in this time, as the live page shows them. */
export function eventsHref({ fromMs, toMs }: Span, filter: LiveFilter = {}): string {
  const params = new URLSearchParams({ ...zoomParams({ fromMs, toMs }), ...filter });
  return `/live?${params}`;
}

export function topicHref(name: string): string {
  return `/topics/${encodeURIComponent(name)}`;
}
