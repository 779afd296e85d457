import { withContext } from "@gapin/sdk";
import { convertToModelMessages, safeValidateUIMessages, streamText } from "ai";
import { after } from "next/server";
import { z } from "zod";

import { ChatId } from "@/lib/kept";
import { model } from "@/lib/model";
import { recorder, sayWhatIsMissing } from "@/lib/recorder";

export const maxDuration = 60;

const Body = z.object({ id: ChatId, messages: z.array(z.unknown()).min(1).max(100) });

export async function POST(request: Request): Promise<Response> {
  const body = Body.safeParse(await request.json().catch(() => undefined));
  const messages = await safeValidateUIMessages({ messages: body.data?.messages });
  if (!body.success || !messages.success) return new Response("This is no chat.", { status: 400 });
  try {
    // A serverless function is frozen once it has answered: what is queued is sent before that, and after the stream's end.
    const events = recorder();
    after(async () => {
      await events.flush();
    });
    const answering = await model();
    const prompt = await convertToModelMessages(messages.data);
    // Where people sign in, `user_id` belongs here, too: on whose orders.
    const metadata = { session_id: body.data.id, request_id: crypto.randomUUID() };
    return withContext(metadata, () => {
      const answer = streamText({
        model: answering,
        system: "Answer in a few sentences.",
        messages: prompt,
        abortSignal: request.signal,
      });
      return answer.toUIMessageStreamResponse({ onError: () => "The model could not answer. Ask again in a moment." });
    });
  } catch (error) {
    sayWhatIsMissing(error);
    return new Response("The chat is not set up; its server's log says what is missing.", { status: 500 });
  }
}
