import type { Client, EventRecord, Recorder, RecorderOptions } from "@gapin/sdk";
import * as sdk from "@gapin/sdk";

import { sharedAccess } from "./gateway.js";
import { until } from "./until.js";

/** A session of its own, by which a test finds its events. */
export function newSession(): string {
  return `session-${crypto.randomUUID()}`;
}

/** What is stored of a session, in the order in which it happened; waits until there are so many. */
export async function stored(client: Client, session: string, count: number): Promise<EventRecord[]> {
  let found: EventRecord[] = [];
  await until(async () => {
    found = [];
    for await (const record of client.events.list({ session_id: session, limit: 500 })) found.push(record);
    return found.length >= count;
  }, `${count} stored events of ${session} (there are ${found.length})`);
  return found.sort((a, b) => (a.event.sequence ?? 0) - (b.event.sequence ?? 0));
}

export function client(): Client {
  return new sdk.Client(sharedAccess());
}

/** A recorder of an AI system of its own, whose waits are short, and which says nothing. */
export function recorder(options: RecorderOptions = {}): Recorder {
  return new sdk.Recorder({
    ...sharedAccess(),
    aiId: crypto.randomUUID(),
    aiVersion: "test-1",
    batchAgeMs: 20,
    retryWaitMinMs: 10,
    retryWaitMaxMs: 50,
    log: () => undefined,
    ...options,
  });
}
