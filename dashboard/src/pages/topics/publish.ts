/** A message that is published by hand: the API's rules, the request, and the same for a terminal. */
import { ApiProblem, type Schemas } from "@/api";
import { utf8Bytes } from "@/lib/text";
import { words } from "./words";

const MESSAGE_BYTES_MAX = 256 * 1024;
const KEY_BYTES_MAX = 1_024;
const API_KEY_MARK = "sk_";

export interface TestDraft {
  message: string;
  key: string;
  apiKey: string;
}

export type TestFaults = Partial<Record<"message" | "key" | "apiKey", string>>;

export function testFaults(draft: TestDraft, compacted: boolean): TestFaults {
  const found = {
    message: messageFault(draft.message, compacted),
    key: keyFault(draft.key, compacted),
    apiKey: draft.apiKey.trim().startsWith(API_KEY_MARK) ? undefined : words.test.apiKeyWrong,
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== undefined));
}

export function messageFault(text: string, compacted: boolean): string | undefined {
  const { test, faults } = words;
  if (text.trim() === "") return test.messageMissing;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return faults.json(error instanceof Error ? error.message : String(error));
  }
  if (value === null && !compacted) return test.nullNeedsCompaction;
  return utf8Bytes(text.trim()) > MESSAGE_BYTES_MAX ? test.tooLarge : undefined;
}

function keyFault(key: string, compacted: boolean): string | undefined {
  if (key === "") return compacted ? words.test.keyNeeded : undefined;
  return utf8Bytes(key) > KEY_BYTES_MAX ? words.test.keyLong : undefined;
}

/** The body of the request; the message stands in it as it was typed, for parsing would round its numbers. */
export function bodyOf(topic: string, { message, key }: Pick<TestDraft, "message" | "key">): string {
  const members = [`"topic":${JSON.stringify(topic)}`];
  if (key !== "") members.push(`"key":${JSON.stringify(key)}`);
  return `{${members.join(",")},"message":${message.trim()}}`;
}

export type Published = Schemas["PublishedMessage"];

/**
 * Publishes with an API key instead of the session, for a message names the key that it came by. The session's cookies stay
 * at home, and the key is in this one request alone. Sent again with the same `idempotencyKey`, nothing is published twice.
 */
export async function publish(body: string, apiKey: string, idempotencyKey: string): Promise<Published> {
  const request = new Request(new URL("/events/publish", location.origin), {
    method: "POST",
    credentials: "omit",
    headers: {
      Authorization: `Bearer ${apiKey.trim()}`,
      "Content-Type": "application/json",
      "Idempotency-Key": idempotencyKey,
    },
    body,
  });
  const answer = await fetch(request).catch((cause: unknown) => {
    throw ApiProblem.unreachable(cause);
  });
  if (!answer.ok) throw await ApiProblem.of(answer);
  return (await answer.json()) as Published;
}

/** For a POSIX shell: within single quotes nothing but the quote itself means anything. */
export function curlOf(origin: string, body: string): string {
  const quoted = `'${body.replaceAll("'", "'\\''")}'`;
  return [
    `curl -fsS '${origin}/events/publish' \\`,
    `  -H "Authorization: Bearer $GAPIN_API_KEY" -H 'Content-Type: application/json' \\`,
    `  -d ${quoted}`,
  ].join("\n");
}
