/** Ids as people paste them: bare, in quotes, in braces, without dashes, within a line of a log or an address. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_WITHIN =
  /(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/gi;
const WITHOUT_DASHES = /^[0-9a-f]{32}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The one UUID that a text names, in small letters; none when it names several. */
export function uuidIn(text: string): string | undefined {
  const bare = text.trim();
  if (WITHOUT_DASHES.test(bare)) {
    const parts = [
      bare.slice(0, 8),
      bare.slice(8, 12),
      bare.slice(12, 16),
      bare.slice(16, 20),
      bare.slice(20),
    ];
    return parts.join("-").toLowerCase();
  }
  const found = new Set((text.match(UUID_WITHIN) ?? []).map((id) => id.toLowerCase()));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Whether it has the form of an event's id: a UUID that begins with its time (version 7). */
export function isEventId(uuid: string): boolean {
  return UUID.test(uuid) && uuid[14] === "7" && /[89ab]/i.test(uuid[19] ?? "");
}
