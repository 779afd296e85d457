/** The address of an event's own page, to hand on. */
export function eventAddress(id: string): string {
  return new URL(`/event/${encodeURIComponent(id)}`, location.href).href;
}
