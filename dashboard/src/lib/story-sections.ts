/** The facts and sections of each part of an event. */
import { asMembers, asNumber, asText, type Members } from "./any-json";
import { brief } from "./brief";
import { formatCount, formatDuration, formatPercent } from "./numbers";
import { formatPointer } from "./pointer";
import { chat, markOptions } from "./story-lists";
import { type Fact, LINE_CHARS_MAX, type Part, type Section, type Story, words } from "./story-words";

/** Adds facts and sections of one part of an event, and knows which of its members were told. */
export class Teller {
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

export const TELL: Record<Part, (of: Members, tell: Teller) => void> = {
  action(of, tell) {
    tell.fact(of, "function", words.function, asText, asIs, { mono: true });
    tell.fact(of, "model", words.model, asText, asIs, { mono: true });
    tell.fact(of, "latency_ms", words.latency, asNumber, formatDuration);
    tell.fact(of, "tokens_used", words.tokens, asNumber, formatCount);
    tell.value("input", of["input"], words.input);
    tell.value("output", of["output"], words.output);
    tell.rest(of);
  },

  decision(of, tell) {
    tell.fact(of, "type", words.kind, asText, asIs);
    tell.fact(of, "confidence", words.confidence, asNumber, formatPercent);
    tellOptions(of, tell);
    tell.value("logic", of["logic"], words.why);
    tell.rest(of);
  },

  error(of, tell) {
    tell.fact(of, "code", words.code, asText, asIs, { mono: true });
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
    tell.fact(of, "model", words.model, asText, asIs, { mono: true });
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
    tell.fact(of, "model", words.model, asText, asIs, { mono: true });
    tell.fact(of, "latency_ms", words.latency, asNumber, formatDuration);
    tell.fact(of, "finish_reason", words.finish, asText, asIs);
    const usage = of["usage"];
    tell.fact({ ...asMembers(usage) }, "input_tokens", words.tokensIn, asNumber, formatCount, {
      pointer: `${tell.pointer("usage")}/input_tokens`,
    });
    tell.fact({ ...asMembers(usage) }, "output_tokens", words.tokensOut, asNumber, formatCount, {
      pointer: `${tell.pointer("usage")}/output_tokens`,
    });
    const names = Object.keys(asMembers(usage) ?? {});
    const isOnlyTokens = names.length > 0 && names.every((name) => /^(in|out)put_tokens$/.test(name));
    if (isOnlyTokens) tell.note("usage");
    tell.value("output", of["output"], words.output);
    tell.rest(of);
  },
};

function tellOptions(of: Members, tell: Teller): void {
  const { options, chosen } = of;
  if (!Array.isArray(options)) {
    tell.value("options", options, words.options);
    tell.value("chosen", chosen, words.chosen);
    return;
  }
  const pointer = tell.pointer("options");
  const marked = markOptions(options, chosen, pointer);
  const isAmong = marked.some(({ isChosen }) => isChosen);
  const confidence = asNumber(of["confidence"]);
  tell.note("chosen");
  tell.section("options", {
    kind: "options",
    title: words.options,
    pointer,
    options: marked,
    ...(isAmong || chosen === undefined ? {} : { other: { pointer: tell.pointer("chosen"), value: chosen } }),
    ...(confidence === undefined ? {} : { confidence }),
  });
}
