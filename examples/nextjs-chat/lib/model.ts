import { createOpenAI } from "@ai-sdk/openai";
import { recording } from "@gapin/sdk/ai";
import { type LanguageModel, wrapLanguageModel } from "ai";

import { localProvider } from "./provider";
import { recorder } from "./recorder";

/** The model, watched: its queries and answers are recorded as they pass. */
export async function model(): Promise<LanguageModel> {
  const openai = createOpenAI(process.env["OPENAI_API_KEY"] ? {} : await localProvider());
  return wrapLanguageModel({
    model: openai.chat(process.env["CHAT_MODEL"] ?? "gpt-4o-mini"),
    middleware: recording({ recorder: recorder() }),
  });
}
