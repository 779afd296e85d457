/** What the tests of sessions build with. */
import { type ReadRecord, readRecord } from "@/events/record";

export const AI = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b";
export const BEGUN = Date.UTC(2026, 0, 31, 12);

/** An event so many seconds after the beginning. */
export function at(seconds: number, event: object = {}): ReadRecord {
  return readRecord({
    event: {
      event_type: "ai.query",
      ai_id: AI,
      ai_version: "version-1",
      timestamp: new Date(BEGUN + seconds * 1_000).toISOString(),
      metadata: { session_id: "s" },
      ...event,
    },
    record: { event_id: `event-${String(seconds).padStart(6, "0")}` },
  });
}
