/** Events for the tests, signed and sent as an AI system would. */
import { randomUUID } from "node:crypto";
import { canonical, sign } from "../src/pages/start/example";
import type { Gateway } from "./gateway";

export type Event = Record<string, unknown>;

/** A whole event: what is given takes the place of what is made up. */
export function event(gateway: Gateway, overrides: Event = {}): Event {
  const { aiId, signingKeyId } = gateway.access;
  return {
    event_type: "ai.decision",
    ai_id: aiId,
    ai_version: "support-agent-1",
    timestamp: new Date().toISOString(),
    key_id: signingKeyId,
    decision: {
      type: "refund",
      logic: "within 30 days",
      options: ["refund", "refuse"],
      chosen: "refund",
      confidence: 0.97,
    },
    metadata: { session_id: "order-7" },
    signature_algorithm: "HMAC-SHA256",
    ...overrides,
  };
}

/** Sends them and waits until they are stored; answers their ids. */
export async function record(gateway: Gateway, events: Event[]): Promise<string[]> {
  const { apiKey, signingSecret } = gateway.access;
  const signed = await Promise.all(
    events.map(async (one) => ({ ...one, signature: await sign(canonical(one), signingSecret) })),
  );
  const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
  const ids: string[] = [];
  for (let from = 0; from < signed.length; from += 500) {
    const body = JSON.stringify(signed.slice(from, from + 500));
    const answer = await fetch(`${gateway.url}/aibbar/events`, { method: "POST", headers, body });
    const said = (await answer.json()) as { results?: { event_id?: string; status?: string }[] };
    if (!answer.ok) throw new Error(`not recorded: ${JSON.stringify(said)}`);
    for (const result of said.results ?? []) {
      if (result.event_id === undefined) throw new Error(`refused: ${JSON.stringify(result)}`);
      ids.push(result.event_id);
    }
  }
  for (const id of ids.slice(-1)) {
    while ((await fetch(`${gateway.url}/aibbar/events/${id}`, { headers })).status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return ids;
}

/** A session of its own, so that a test finds its events and no others. */
export const newSession = () => `session-${randomUUID()}`;
