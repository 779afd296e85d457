/** A travel agency's AI systems at work, so that no page is empty: invented, and recorded as real ones would. */
import { randomUUID } from "node:crypto";
import type { Gateway } from "../e2e/gateway";
import { type Event, event, record } from "../e2e/record";

export const SYSTEMS = [
  { ai_id: randomUUID(), name: "Booking agent", owner: "travel@example.com", environment: "production" },
  { ai_id: randomUUID(), name: "Support agent", owner: "support@example.com", environment: "production" },
  { ai_id: randomUUID(), name: "Invoice checker", owner: "finance@example.com", environment: "staging" },
];

export async function call<T>(gapin: Gateway, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${gapin.url}${path}`, { method, headers, ...sent });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const QUESTIONS = [
  "Find a quiet hotel in Lisbon for three nights, below 140 EUR.",
  "The flight TP 571 was cancelled. What can I get back?",
  "Does invoice 2026-1184 match its order?",
  "Move my booking one day later and tell ann.meyer@example.com.",
];

/** One run of an agent, some seconds ago. */
export function run(gapin: Gateway, number: number, begunMs: number): Event[] {
  const system = SYSTEMS[number % SYSTEMS.length] as (typeof SYSTEMS)[number];
  const metadata = { session_id: `trip-${4000 + number}`, user_id: `customer-${100 + (number % 17)}` };
  const told = (sequence: number, seconds: number, event_type: string, part: Event) =>
    event(gapin, {
      ai_id: system.ai_id,
      ai_version: "2026.11.2",
      event_type,
      decision: undefined,
      sequence: number * 10 + sequence,
      timestamp: new Date(begunMs + seconds * 1_000).toISOString(),
      metadata,
      ...part,
    });
  const model = number % 2 === 0 ? "gpt-4o" : "claude-sonnet-4-5";
  const prompt = QUESTIONS[number % QUESTIONS.length] ?? "";
  const events = [
    told(0, 0, "ai.query", { query: { prompt, model, parameters: { temperature: 0.2 } } }),
    told(1, 1.4, "ai.action", {
      action: {
        function: "search_offers",
        input: { city: "Lisbon", nights: 3, below_eur: 140 },
        output: { found: 12, best: "Casa do Largo", card: "4111 1111 1111 1111" },
        latency_ms: 870 + 13 * number,
        model,
      },
    }),
    told(2, 2.9, "ai.decision", {
      decision: {
        type: "offer",
        logic:
          "The nearest of the quiet ones whose price is within the limit, free to cancel until the evening before.",
        options: ["Casa do Largo", "Hotel Alfama", "Rossio Rooms"],
        chosen: "Casa do Largo",
        confidence: 0.78 + (number % 5) / 25,
      },
    }),
  ];
  if (number % 7 === 3) {
    events.push(
      told(3, 4.1, "ai.error", {
        error: {
          code: number % 2 === 0 ? "payment_declined" : "tool_timeout",
          message: "the tool book_room did not answer within 10 s",
          recoverable: true,
          stack: "TimeoutError: book_room\n    at call (tools.ts:48:11)\n    at step (agent.ts:112:5)",
        },
      }),
    );
  }
  events.push(
    told(number % 5 === 2 ? 6 : 4, 6, "ai.response", {
      response: {
        output: "Casa do Largo, 3 nights, 126 EUR a night, free to cancel. Shall I book it?",
        model,
        usage: { input_tokens: 1_180 + 31 * number, output_tokens: 214 + 3 * number },
        latency_ms: 2_140 + 29 * number,
      },
    }),
  );
  return events;
}

/** Everything that stands still: the register, topics with messages, keys, a view, and the runs of the last hours. */
export async function setUp(gapin: Gateway): Promise<void> {
  await Promise.all(SYSTEMS.map((system) => call(gapin, "POST", "/api/v1/ai-systems", system)));
  for (const name of ["orders", "order-status", "price-changes"]) {
    await call(gapin, "POST", "/api/v1/topics", { name, partitions: 3, retention_days: 7 });
  }
  const scopes = ["events:read"];
  await call(gapin, "POST", "/api/v1/keys", { name: "statistics", scopes });
  await call(gapin, "POST", "/api/v1/keys", {
    name: "night report",
    scopes,
    expires_at: new Date(Date.now() + 5 * 86_400_000).toISOString(),
  });
  const now = Date.now();
  const runs = Array.from({ length: 60 }, (_, number) => run(gapin, number, now - (60 - number) * 180_000));
  await record(gapin, runs.flat());
}
