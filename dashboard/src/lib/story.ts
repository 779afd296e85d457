/**
 * An event as a story: a line that says what happened, facts, and sections in the order in which one wants to read them.
 * Pure, and tolerant of anything: a record of a later version, or of a sender who means no good, still has a story.
 */
import { brief } from "./brief";
import { formatCount, formatDuration, formatPercent } from "./numbers";
import { formatPointer } from "./pointer";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

export interface Fact {
  label: string;
  value: string;
  /** Where it stands in the event. */
  pointer: string;
  mono?: boolean;
  tone?: Tone;
}

export interface ChatPart {
  pointer: string;
  /** Words, or anything else that a message may be made of. */
  text?: string;
  value?: unknown;
  /** What kind of part it is, where that is not plain words. */
  label?: string;
}

export interface ChatMessage {
  role: string;
  parts: ChatPart[];
}

export interface Option {
  pointer: string;
  value: unknown;
  isChosen: boolean;
}

export type Section =
  | { kind: "text"; title: string; pointer: string; text: string }
  | { kind: "value"; title: string; pointer: string; value: unknown }
  | { kind: "stack"; title: string; pointer: string; text: string }
  | { kind: "chat"; title: string; pointer: string; messages: ChatMessage[] }
  | {
      kind: "options";
      title: string;
      pointer: string;
      options: Option[];
      /** What was chosen, where that is none of the options. */
      other?: { pointer: string; value: unknown };
      confidence?: number;
    };

export interface Story {
  type: string;
  /** A sentence. */
  title: string;
  tone: Tone;
  facts: Fact[];
  sections: Section[];
}

type Members = Readonly<Record<string, unknown>>;

export const words = {
  unknown: "An event",
  action: "Action",
  decision: "Decision",
  error: "Error",
  query: "Query",
  response: "Response",
  called: (name: string) => `Called ${name}`,
  calledIn: (name: string, took: string) => `Called ${name} in ${took}`,
  chose: (chosen: string, kind: string) => (kind === "" ? `Chose ${chosen}` : `${kind}: chose ${chosen}`),
  sure: (line: string, confidence: string) => `${line}, ${confidence} sure`,
  failed: (code: string, message: string) => (message === "" ? code : `${code}: ${message}`),
  asked: (model: string) => (model === "" ? "Asked" : `Asked ${model}`),
  answered: (model: string) => (model === "" ? "Answered" : `${model} answered`),
  in: (line: string, took: string) => `${line} in ${took}`,
  function: "Function",
  model: "Model",
  latency: "Latency",
  tokens: "Tokens",
  tokensIn: "Tokens in",
  tokensOut: "Tokens out",
  kind: "Kind",
  confidence: "Confidence",
  optionCount: "Options",
  code: "Code",
  recoverable: "Recoverable",
  yes: "Yes",
  no: "No",
  finish: "Finish reason",
  messageCount: "Messages",
  input: "Input",
  output: "Output",
  why: "Why",
  options: "What could be chosen",
  message: "Message",
  stack: "Stack",
  messages: "Conversation",
  prompt: "Prompt",
  parameters: "Parameters",
  other: "Other members",
  noRole: "message",
  toolCalls: "calls",
} as const;

const NAME_CHARS_MAX = 80;
const LINE_CHARS_MAX = 160;

const member = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null && Object.hasOwn(of, name) ? (of as Members)[name] : undefined;

function members(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

/** Text; nothing for whatever is none or is blank. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A name in a sentence: text, or whatever stands in its place, in few characters. */
function nameOf(value: unknown): string {
  return value === undefined || value === null ? "" : brief(value, NAME_CHARS_MAX);
}

const PARTS = ["error", "decision", "action", "query", "response"] as const;
type Part = (typeof PARTS)[number];

/** Which part an event is mostly about: the one of its type, else the first that it has. */
function mainPart(event: unknown): Part | undefined {
  const type = member(event, "event_type");
  const named = PARTS.find((part) => type === `ai.${part}`);
  if (named !== undefined && members(member(event, named)) !== undefined) return named;
  return PARTS.find((part) => members(member(event, part)) !== undefined) ?? named;
}

/** The event in a line, for a row of a list: dense, and without what the row says already. */
export function headline(event: unknown): string {
  const part = mainPart(event);
  if (part === undefined) return "";
  const of = members(member(event, part)) ?? {};
  switch (part) {
    case "action": {
      const input = of["input"] === undefined ? "" : ` ${brief(of["input"], 60)}`;
      const output =
        of["output"] === undefined || of["output"] === null ? "" : ` → ${brief(of["output"], 80)}`;
      return `${nameOf(of["function"])}${input}${output}`;
    }
    case "decision": {
      const confidence = numberOf(of["confidence"]);
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
  if (typeof content === "string") return textOf(content);
  if (!Array.isArray(content)) return undefined;
  for (const part of content) {
    const text = textOf(part) ?? textOf(member(part, "text")) ?? textOf(member(part, "content"));
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
    const of = members(member(event, part));
    // What stands beside the main part says whose it is.
    const teller = new Teller(part, part === main ? "" : `${words[part]}: `, told);
    if (of === undefined) teller.value("", member(event, part), words[part]);
    else TELL[part](of, teller);
    if (part === main) told.title = titleOf(part, of ?? {});
  }
  return told;
}

function titleOf(part: Part, of: Members): string {
  const latency = numberOf(of["latency_ms"]);
  const took = latency === undefined ? undefined : formatDuration(latency);
  switch (part) {
    case "action": {
      const name = nameOf(of["function"]) || words.action.toLowerCase();
      return took === undefined ? words.called(name) : words.calledIn(name, took);
    }
    case "decision": {
      const line = words.chose(nameOf(of["chosen"]) || "–", nameOf(of["type"]));
      const confidence = numberOf(of["confidence"]);
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

/** Adds facts and sections of one part of an event, and knows which of its members were told. */
class Teller {
  private readonly told = new Set<string>();

  constructor(
    readonly part: Part,
    private readonly prefix: string,
    private readonly to: Story,
  ) {}

  pointer(name: string): string {
    return name === "" ? `/${this.part}` : formatPointer([this.part, name]);
  }

  /** A short member, as `show` writes it; nothing when it is not there, raw when it is of another type. */
  fact<T>(
    of: Members,
    name: string,
    label: string,
    read: (value: unknown) => T | undefined,
    show: (value: T) => string,
    more: Partial<Fact> = {},
  ): void {
    const value = of[name];
    if (value === undefined) return;
    this.told.add(name);
    const known = read(value);
    const text = known === undefined ? brief(value, LINE_CHARS_MAX) : show(known);
    this.to.facts.push({
      label: `${this.prefix}${label}`,
      value: text,
      pointer: this.pointer(name),
      ...more,
    });
  }

  /** A long member: words where it is text, a tree where it is more. */
  value(name: string, value: unknown, title: string): void {
    if (value === undefined) return;
    this.told.add(name);
    const head = { title: `${this.prefix}${title}`, pointer: this.pointer(name) };
    if (typeof value === "string") this.to.sections.push({ kind: "text", ...head, text: value });
    else this.to.sections.push({ kind: "value", ...head, value });
  }

  section(name: string, section: Section): void {
    this.told.add(name);
    this.to.sections.push({ ...section, title: `${this.prefix}${section.title}` });
  }

  note(...names: string[]): void {
    for (const name of names) this.told.add(name);
  }

  /** What nobody told of: members of a later version. */
  rest(of: Members): void {
    const others = Object.entries(of).filter(([name]) => !this.told.has(name));
    if (others.length === 0) return;
    const value = Object.fromEntries(others);
    this.to.sections.push({
      kind: "value",
      title: `${this.prefix}${words.other}`,
      pointer: this.pointer(""),
      value,
    });
  }
}

const asIs = (text: string) => brief(text, LINE_CHARS_MAX);

const TELL: Record<Part, (of: Members, tell: Teller) => void> = {
  action(of, tell) {
    tell.fact(of, "function", words.function, textOf, asIs, { mono: true });
    tell.fact(of, "model", words.model, textOf, asIs, { mono: true });
    tell.fact(of, "latency_ms", words.latency, numberOf, formatDuration);
    tell.fact(of, "tokens_used", words.tokens, numberOf, formatCount);
    tell.value("input", of["input"], words.input);
    tell.value("output", of["output"], words.output);
    tell.rest(of);
  },

  decision(of, tell) {
    tell.fact(of, "type", words.kind, textOf, asIs);
    tell.fact(of, "confidence", words.confidence, numberOf, formatPercent);
    tellOptions(of, tell);
    tell.value("logic", of["logic"], words.why);
    tell.rest(of);
  },

  error(of, tell) {
    tell.fact(of, "code", words.code, textOf, asIs, { mono: true });
    const recoverable = of["recoverable"];
    tell.fact(
      of,
      "recoverable",
      words.recoverable,
      (value) => (typeof value === "boolean" ? value : undefined),
      (can) => (can ? words.yes : words.no),
      { tone: recoverable === false ? "bad" : "neutral" },
    );
    tell.value("message", of["message"], words.message);
    const stack = of["stack"];
    if (typeof stack === "string") {
      tell.section("stack", {
        kind: "stack",
        title: words.stack,
        pointer: tell.pointer("stack"),
        text: stack,
      });
    }
    tell.rest(of);
  },

  query(of, tell) {
    tell.fact(of, "model", words.model, textOf, asIs, { mono: true });
    const messages = of["messages"];
    if (Array.isArray(messages)) {
      tell.fact(of, "messages", words.messageCount, () => messages.length, formatCount);
    }
    tell.value("prompt", of["prompt"], words.prompt);
    if (Array.isArray(messages)) {
      const pointer = tell.pointer("messages");
      tell.section("messages", {
        kind: "chat",
        title: words.messages,
        pointer,
        messages: chat(messages, pointer),
      });
    } else tell.value("messages", messages, words.messages);
    tell.value("parameters", of["parameters"], words.parameters);
    tell.rest(of);
  },

  response(of, tell) {
    tell.fact(of, "model", words.model, textOf, asIs, { mono: true });
    tell.fact(of, "latency_ms", words.latency, numberOf, formatDuration);
    tell.fact(of, "finish_reason", words.finish, textOf, asIs);
    const usage = of["usage"];
    tell.fact({ ...members(usage) }, "input_tokens", words.tokensIn, numberOf, formatCount, {
      pointer: `${tell.pointer("usage")}/input_tokens`,
    });
    tell.fact({ ...members(usage) }, "output_tokens", words.tokensOut, numberOf, formatCount, {
      pointer: `${tell.pointer("usage")}/output_tokens`,
    });
    const isOnlyTokens = Object.keys(members(usage) ?? { other: 0 }).every((name) =>
      /^(in|out)put_tokens$/.test(name),
    );
    if (isOnlyTokens) tell.note("usage");
    tell.value("output", of["output"], words.output);
    tell.rest(of);
  },
};

function tellOptions(of: Members, tell: Teller): void {
  const { options, chosen } = of;
  if (!Array.isArray(options)) {
    tell.value("options", options, words.options);
    tell.value("chosen", chosen, words.chose("", "").trim());
    return;
  }
  const pointer = tell.pointer("options");
  const told = options.map((value: unknown, index) => {
    return { pointer: `${pointer}/${index}`, value, isChosen: isOption(value, chosen) };
  });
  // The same option may stand there twice; one was chosen.
  const first = told.findIndex((option) => option.isChosen);
  const marked = told.map((option, index) => ({ ...option, isChosen: index === first }));
  const other =
    first === -1 && chosen !== undefined ? { other: { pointer: tell.pointer("chosen"), value: chosen } } : {};
  const confidence = numberOf(of["confidence"]);
  tell.note("chosen");
  tell.section("options", {
    kind: "options",
    title: words.options,
    pointer,
    options: marked,
    ...other,
    ...(confidence === undefined ? {} : { confidence }),
  });
}

/** Whether this option is the one that was chosen: the same JSON, or named by it. */
function isOption(option: unknown, chosen: unknown): boolean {
  if (isSame(option, chosen, 0)) return true;
  if (typeof chosen !== "string" && typeof chosen !== "number") return false;
  return ["id", "name", "label", "value"].some((name) => member(option, name) === chosen);
}

const SAME_DEPTH_MAX = 64;

/** Whether two values are the same JSON; the order of members says nothing. */
function isSame(one: unknown, other: unknown, depth: number): boolean {
  if (one === other) return true;
  if (depth > SAME_DEPTH_MAX || typeof one !== "object" || typeof other !== "object") return false;
  if (one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    return Object.hasOwn(other, name) && isSame((one as Members)[name], (other as Members)[name], depth + 1);
  });
}

/** The conversation: whose turn it was and what they said, called or showed. */
function chat(messages: readonly unknown[], pointer: string): ChatMessage[] {
  return messages.map((message, index) => {
    const at = `${pointer}/${index}`;
    const of = members(message);
    if (of === undefined) return { role: words.noRole, parts: [part(message, at)] };
    const parts: ChatPart[] = [];
    const { role, content, tool_calls: calls, ...others } = of;
    if (Array.isArray(content)) {
      for (const [place, piece] of content.entries()) parts.push(part(piece, `${at}/content/${place}`));
    } else if (content !== undefined && content !== null) parts.push(part(content, `${at}/content`));
    if (Array.isArray(calls)) {
      for (const [place, call] of calls.entries()) parts.push(toolCall(call, `${at}/tool_calls/${place}`));
    } else if (calls !== undefined) parts.push({ pointer: `${at}/tool_calls`, value: calls });
    for (const [name, value] of Object.entries(others)) {
      parts.push({ ...part(value, `${at}${formatPointer([name])}`), label: brief(name, NAME_CHARS_MAX) });
    }
    return { role: nameOf(role) || words.noRole, parts };
  });
}

function part(value: unknown, pointer: string): ChatPart {
  if (typeof value === "string") return { pointer, text: value };
  const of = members(value);
  if (of?.["type"] === "text" && typeof of["text"] === "string" && Object.keys(of).length === 2) {
    return { pointer: `${pointer}/text`, text: of["text"] };
  }
  return { pointer, value };
}

function toolCall(call: unknown, pointer: string): ChatPart {
  const name = member(member(call, "function"), "name");
  const label = `${words.toolCalls} ${nameOf(name)}`.trim();
  return { pointer, value: call, label };
}
