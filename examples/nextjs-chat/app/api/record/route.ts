import { Client, type EventRecord, verify } from "@gapin/sdk";
import type { NextRequest } from "next/server";

import { ChatId, type Kept } from "@/lib/kept";
import { sayWhatIsMissing } from "@/lib/recorder";

const EVENTS_SHOWN_MAX = 50;

/** What GAPIN keeps of one chat, newest first. The API key and the signing secret stay on the server. */
export async function GET(request: NextRequest): Promise<Response> {
  const session = ChatId.safeParse(request.nextUrl.searchParams.get("chat"));
  if (!session.success) return new Response("This is no chat.", { status: 400 });
  try {
    const kept: Kept[] = [];
    for await (const record of new Client().events.list({ session_id: session.data, limit: EVENTS_SHOWN_MAX })) {
      kept.push(await shown(record));
      if (kept.length === EVENTS_SHOWN_MAX) break;
    }
    return Response.json(kept, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    sayWhatIsMissing(error);
    return new Response("GAPIN could not be asked; the server's log says why.", { status: 502 });
  }
}

async function shown({ event, record }: EventRecord): Promise<Kept> {
  const told = event.error?.message ?? lastOf(event.query?.messages) ?? event.response?.output ?? event.action ?? "";
  return {
    id: record.event_id,
    type: event.event_type,
    at: event.timestamp,
    text: textOf(told),
    hidden: [...new Set(record.redactions.map(({ kind }) => kind))],
    isVerified: await verify(event, process.env["GAPIN_SIGNING_SECRET"] ?? ""),
  };
}

function lastOf(messages: readonly unknown[] | undefined): unknown {
  return messages?.at(-1);
}

/** The text of a message, of its parts, or whatever it is as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  const { text, content } = value as { text?: unknown; content?: unknown };
  return text !== undefined ? textOf(text) : content !== undefined ? textOf(content) : JSON.stringify(value);
}
