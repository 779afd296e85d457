/**
 * An event as a story: a line that says what happened, facts, and sections in the order in which one wants to read them.
 * Pure, and tolerant of anything: a record of a later version, or of a sender who means no good, still has a story.
 */
import { asMembers, asNumber, asText, type Members, member } from "./any-json";
import { brief } from "./brief";
import { formatDuration, formatPercent } from "./numbers";
import { TELL, Teller } from "./story-sections";
import { LINE_CHARS_MAX, NAME_CHARS_MAX, nameOf, PARTS, type Part, type Story, words } from "./story-words";

export type { ChatMessage, ChatPart, Fact, Option, Section, Story, Tone } from "./story-words";

/** Which part an event is mostly about: the one of its type, else the first that it has. */
function mainPart(event: unknown): Part | undefined {
  const type = member(event, "event_type");
  const named = PARTS.find((part) => type === `ai.${part}`);
  if (named !== undefined && asMembers(member(event, named)) !== undefined) return named;
  return PARTS.find((part) => asMembers(member(event, part)) !== undefined) ?? named;
}

/** The event in a line, for a row of a list: dense, and without what the row says already. */
export function headline(event: unknown): string {
  const part = mainPart(event);
  if (part === undefined) return "";
  const of = asMembers(member(event, part)) ?? {};
  switch (part) {
    case "action": {
      const input = of["input"] === undefined ? "" : ` ${brief(of["input"], 60)}`;
      const output =
        of["output"] === undefined || of["output"] === null ? "" : ` → ${brief(of["output"], 80)}`;
      return `${nameOf(of["function"])}${input}${output}`;
    }
    case "decision": {
      const confidence = asNumber(of["confidence"]);
      const sure = confidence === undefined ? "" : ` · ${formatPercent(confidence)}`;
      const kind = nameOf(of["type"]);
      return `${kind === "" ? "" : `${kind}: `}${brief(of["chosen"] ?? "", NAME_CHARS_MAX)}${sure}`;
    }
    case "error":
      return words.failed(nameOf(of["code"]), brief(of["message"] ?? "", LINE_CHARS_MAX));
    case "query":
      return brief(asked(of) ?? "", LINE_CHARS_MAX);
    case "response":
      return brief(answered(of["output"]) ?? "", LINE_CHARS_MAX);
  }
}

/** What was asked last: the prompt, or the words of the last message that a person or a tool wrote. */
function asked(query: Members): unknown {
  const messages = query["messages"];
  if (Array.isArray(messages)) {
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const words = wordsOf(member(messages[index], "content") ?? messages[index]);
      if (words !== undefined && member(messages[index], "role") !== "system") return words;
    }
  }
  return query["prompt"] ?? (Array.isArray(messages) ? messages.at(-1) : undefined);
}

/** The words of an answer, in whatever form its provider gives them. */
function answered(output: unknown): unknown {
  const choices = member(output, "choices");
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = member(first, "message") ?? output;
  return wordsOf(member(message, "content")) ?? wordsOf(output) ?? output;
}

/** Text, or the first text among parts. */
function wordsOf(content: unknown): string | undefined {
  if (typeof content === "string") return asText(content);
  if (!Array.isArray(content)) return undefined;
  for (const part of content) {
    const text = asText(part) ?? asText(member(part, "text")) ?? asText(member(part, "content"));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The whole story. What the type is named after comes first, then whatever else the event tells. */
export function story(event: unknown): Story {
  const main = mainPart(event);
  const told: Story = {
    type: typeof member(event, "event_type") === "string" ? (member(event, "event_type") as string) : "",
    title: words.unknown,
    tone: main === "error" ? "bad" : "neutral",
    facts: [],
    sections: [],
  };
  const order = PARTS.filter((part) => part !== main && member(event, part) !== undefined);
  for (const part of main === undefined ? order : [main, ...order]) {
    const of = asMembers(member(event, part));
    // What stands beside the main part says whose it is.
    const teller = new Teller(part, part === main ? "" : `${words[part]}: `, told);
    if (of === undefined) teller.value("", member(event, part), words[part]);
    else TELL[part](of, teller);
    if (part === main) told.title = titleOf(part, of ?? {});
  }
  return told;
}

function titleOf(part: Part, of: Members): string {
  const latency = asNumber(of["latency_ms"]);
  const took = latency === undefined ? undefined : formatDuration(latency);
  switch (part) {
    case "action": {
      const name = nameOf(of["function"]) || words.action.toLowerCase();
      return took === undefined ? words.called(name) : words.calledIn(name, took);
    }
    case "decision": {
      const line = words.chose(nameOf(of["chosen"]) || "–", nameOf(of["type"]));
      const confidence = asNumber(of["confidence"]);
      return confidence === undefined ? line : words.sure(line, formatPercent(confidence));
    }
    case "error":
      return words.failed(nameOf(of["code"]) || words.error, brief(of["message"] ?? "", LINE_CHARS_MAX));
    case "query":
      return words.asked(nameOf(of["model"]));
    case "response": {
      const line = words.answered(nameOf(of["model"]));
      return took === undefined ? line : words.in(line, took);
    }
  }
}
