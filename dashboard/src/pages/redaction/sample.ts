/** What a preview looks at: read from the field, and bounded as the gateway bounds it. */
import type { Schemas } from "@/api";
import { formatBytes } from "@/lib/numbers";
import { utf8Bytes } from "@/lib/text";
import { words } from "./words";

export const SAMPLE_KINDS = ["text", "value", "event"] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

/** The whole body of a preview; the settings beside it have their own bounds. */
export const SAMPLE_BYTES_MAX = 64 * 1024;

type Body = Omit<Schemas["RedactionSample"], "settings">;

export type Read = { body: Body } | { error: string } | { isEmpty: true };

export function isSampleKind(word: string): word is SampleKind {
  return SAMPLE_KINDS.some((kind) => kind === word);
}

export function read(kind: SampleKind, text: string): Read {
  if (text.trim() === "") return { isEmpty: true };
  // What is sent has its quotes and line ends escaped, and the gateway counts all of it.
  const size = utf8Bytes(kind === "text" ? JSON.stringify({ text }) : text);
  if (size > SAMPLE_BYTES_MAX) return { error: words.tooLarge(formatBytes(size)) };
  if (kind === "text") return { body: { text } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: words.notJson(error instanceof Error ? error.message : "") };
  }
  // Of null there is nothing to hide, and the gateway takes it for no sample.
  if (value === null && kind === "value") return { isEmpty: true };
  if (kind === "value") return { body: { value } };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { error: words.notAnObject };
  return { body: { event: value as Record<string, never> } };
}

/** Something of every kind, as a text, as JSON or as an event. */
export function example(kind: SampleKind): string {
  const lines = words.exampleLines;
  if (kind === "text") return lines.join("\n");
  if (kind === "value") return JSON.stringify({ notes: lines }, null, 2);
  return JSON.stringify(
    {
      ai_id: "0198a3c0-7d2f-7c1b-9f7e-2b8f3f1d5a10",
      event_type: "ai.query",
      query: { prompt: lines.slice(0, 2).join(" "), parameters: { context: lines.slice(2) } },
      metadata: { user_id: "EMP-104711", source_ip: "203.0.113.7" },
    },
    null,
    2,
  );
}
