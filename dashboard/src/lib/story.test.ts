import { describe, expect, it } from "vitest";
import { headline, type Section, story } from "./story";

const BASE = { ai_id: "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b", ai_version: "model-1", metadata: {} };

const facts = (event: object) =>
  Object.fromEntries(story(event).facts.map(({ label, value }) => [label, value]));
const section = (event: object, title: string): Section | undefined =>
  story(event).sections.find((one) => one.title === title);

describe("an action", () => {
  const event = {
    ...BASE,
    event_type: "ai.action",
    action: {
      function: "search_flights",
      input: { from: "BER" },
      output: [{ id: 1 }],
      latency_ms: 12.5,
      model: "model-1",
      tokens_used: 1_431,
    },
  };
  it("is what was called, and how long it took", () => {
    expect(story(event).title).toBe("Called search_flights in 12.5 ms");
    expect(headline(event)).toBe('search_flights {"from": "BER"} → [{"id": 1}]');
    expect(facts(event)).toEqual({
      Function: "search_flights",
      Model: "model-1",
      Latency: "12.5 ms",
      Tokens: "1,431",
    });
  });

  it("has what went in and what came out, each with its place", () => {
    expect(section(event, "Input")).toEqual({
      kind: "value",
      title: "Input",
      pointer: "/action/input",
      value: { from: "BER" },
    });
    expect(section(event, "Output")).toMatchObject({ pointer: "/action/output", value: [{ id: 1 }] });
  });

  it("that had no output says so by its value", () => {
    const silent = { ...event, action: { ...event.action, output: null } };
    expect(section(silent, "Output")).toMatchObject({ kind: "value", value: null });
    expect(headline(silent)).toBe('search_flights {"from": "BER"}');
  });
});

describe("a decision", () => {
  const event = {
    ...BASE,
    event_type: "ai.decision",
    decision: {
      type: "refund",
      logic: "within 30 days",
      options: ["refund", "refuse"],
      chosen: "refund",
      confidence: 0.97,
    },
  };
  it("is what was chosen, and how sure", () => {
    expect(story(event).title).toBe("refund: chose “refund”, 97% sure");
    expect(headline(event)).toBe("refund: refund · 97%");
    expect(facts(event)).toEqual({ Kind: "refund", Confidence: "97%" });
  });

  it("has all options, and one of them is the chosen one", () => {
    expect(section(event, "What could be chosen")).toMatchObject({
      kind: "options",
      confidence: 0.97,
      options: [
        { pointer: "/decision/options/0", value: "refund", isChosen: true },
        { pointer: "/decision/options/1", value: "refuse", isChosen: false },
      ],
    });
    expect(section(event, "Why")).toMatchObject({ kind: "text", text: "within 30 days" });
  });

  it.each([
    ["by the same JSON in another order", [{ a: 1, b: [2] }, { a: 2 }], { b: [2], a: 1 }, [true, false]],
    ["by the name of an option", [{ id: "x" }, { id: "y" }], "y", [false, true]],
    ["once, where an option stands twice", ["a", "a"], "a", [true, false]],
    ["not by what only looks alike", ["1", [1], { 0: 1 }], 1, [false, false, false]],
  ])("finds the chosen one %s", (_, options, chosen, expected) => {
    const found = section(
      { ...event, decision: { ...event.decision, options, chosen } },
      "What could be chosen",
    );
    expect(found?.kind === "options" && found.options.map(({ isChosen }) => isChosen)).toEqual(expected);
  });

  it("for none of the options says what it was", () => {
    const found = section(
      { ...event, decision: { ...event.decision, chosen: "wait" } },
      "What could be chosen",
    );
    expect(found).toMatchObject({ other: { pointer: "/decision/chosen", value: "wait" } });
  });
});

describe("an error", () => {
  const event = {
    ...BASE,
    event_type: "ai.error",
    error: { code: "rate_limited", message: "Too many\nrequests", stack: "at a\nat b", recoverable: false },
  };
  it("is its code and its message, and is bad", () => {
    expect(story(event)).toMatchObject({ title: "rate_limited: Too many requests", tone: "bad" });
    expect(headline(event)).toBe("rate_limited: Too many requests");
    expect(facts(event)).toEqual({ Code: "rate_limited", Recoverable: "No" });
  });

  it("has its whole message and its stack", () => {
    expect(section(event, "Message")).toMatchObject({ text: "Too many\nrequests" });
    expect(section(event, "Stack")).toEqual({
      kind: "stack",
      title: "Stack",
      pointer: "/error/stack",
      text: "at a\nat b",
    });
  });

  it("tells what failed with it, and says whose that is", () => {
    const whole = {
      ...event,
      action: { function: "pay", input: {}, output: null, latency_ms: 3, model: "m" },
    };
    expect(story(whole).title).toBe("rate_limited: Too many requests");
    expect(facts(whole)).toMatchObject({ "Action: Function": "pay", Code: "rate_limited" });
  });
});

describe("a query", () => {
  const messages = [
    { role: "system", content: "Be kind." },
    {
      role: "user",
      content: [
        { type: "text", text: "Where is it?" },
        { type: "image_url", image_url: { url: "x" } },
      ],
    },
    { role: "assistant", content: null, tool_calls: [{ function: { name: "find_order", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "c1", content: "shipped" },
  ];
  const event = {
    ...BASE,
    event_type: "ai.query",
    query: { messages, model: "gpt-4o", parameters: { temperature: 0 } },
  };

  it("is what was asked last", () => {
    expect(headline(event)).toBe("shipped");
    expect(headline({ ...event, query: { prompt: " Hello,\n you " } })).toBe("Hello, you");
    expect(headline({ ...event, query: { messages: messages.slice(0, 2) } })).toBe("Where is it?");
    expect(story(event).title).toBe("Asked gpt-4o");
  });

  it("is a conversation: whose turn it was, and every part in its place", () => {
    const found = section(event, "Conversation");
    expect(found?.kind === "chat" && found.messages).toEqual([
      { role: "system", parts: [{ pointer: "/query/messages/0/content", text: "Be kind." }] },
      {
        role: "user",
        parts: [
          { pointer: "/query/messages/1/content/0/text", text: "Where is it?" },
          { pointer: "/query/messages/1/content/1", value: { type: "image_url", image_url: { url: "x" } } },
        ],
      },
      {
        role: "assistant",
        parts: [
          {
            pointer: "/query/messages/2/tool_calls/0",
            value: { function: { name: "find_order", arguments: "{}" } },
            label: "calls find_order",
          },
        ],
      },
      {
        role: "tool",
        parts: [
          { pointer: "/query/messages/3/content", text: "shipped" },
          { pointer: "/query/messages/3/tool_call_id", text: "c1", label: "tool_call_id" },
        ],
      },
    ]);
    expect(section(event, "Parameters")).toMatchObject({ value: { temperature: 0 } });
  });
});

describe("a response", () => {
  const event = {
    ...BASE,
    event_type: "ai.response",
    response: {
      output: "It was shipped.",
      model: "gpt-4o",
      finish_reason: "stop",
      usage: { input_tokens: 1_200, output_tokens: 30 },
      latency_ms: 1_800,
    },
  };
  it("is what came back, from whom, and when", () => {
    expect(story(event).title).toBe("gpt-4o answered in 1.8 s");
    expect(headline(event)).toBe("It was shipped.");
    expect(facts(event)).toEqual({
      Model: "gpt-4o",
      Latency: "1.8 s",
      "Finish reason": "stop",
      "Tokens in": "1,200",
      "Tokens out": "30",
    });
  });

  it.each([
    ["of one provider", { choices: [{ message: { content: "Hi" } }] }],
    ["of another", { content: [{ type: "text", text: "Hi" }] }],
    ["as parts", [{ type: "text", text: "Hi" }]],
  ])("finds the words in the form %s", (_, output) => {
    expect(headline({ ...event, response: { output } })).toBe("Hi");
  });
});

describe("whatever else comes", () => {
  it("is no story, and no mishap", () => {
    for (const event of [
      undefined,
      null,
      7,
      "x",
      [],
      {},
      { event_type: 9 },
      { event_type: "ai.thought", thought: {} },
    ]) {
      expect(story(event)).toMatchObject({ title: "An event", facts: [], sections: [] });
      expect(headline(event)).toBe("");
    }
  });

  it("in a part that should be an object is shown as it is", () => {
    for (const value of ["text", 7, [1], null, true]) {
      const told = story({ event_type: "ai.action", action: value });
      expect(told.sections).toHaveLength(1);
      expect(typeof told.title).toBe("string");
    }
  });

  const WRONG: unknown[] = [
    null,
    "",
    " ",
    0,
    -1,
    Number.MAX_VALUE,
    true,
    [],
    {},
    [[[]]],
    { toString: 1 },
    "‮<b>&\u0000",
  ];
  const PARTS = {
    action: ["function", "input", "output", "latency_ms", "model", "tokens_used"],
    decision: ["type", "logic", "options", "chosen", "confidence"],
    error: ["code", "message", "stack", "recoverable"],
    query: ["messages", "prompt", "model", "parameters"],
    response: ["output", "model", "finish_reason", "usage", "latency_ms"],
  };
  it.each(Object.entries(PARTS))("in the members of an %s is told, whatever its type", (part, names) => {
    for (const name of names) {
      for (const value of WRONG) {
        const event = { event_type: `ai.${part}`, [part]: { [name]: value } };
        const told = story(event);
        expect(typeof headline(event)).toBe("string");
        expect(told.facts.every((fact) => typeof fact.value === "string")).toBe(true);
        const isTold = told.facts.length + told.sections.length > 0;
        expect({ part, name, value, isTold }).toEqual({ part, name, value, isTold: true });
      }
    }
  });

  it("in members of a later version is not lost", () => {
    const event = { event_type: "ai.error", error: { code: "x", hint: "look", nested: { a: 1 } } };
    expect(section(event, "Other members")).toMatchObject({
      pointer: "/error",
      value: { hint: "look", nested: { a: 1 } },
    });
    const usage = {
      event_type: "ai.response",
      response: { output: "", usage: { input_tokens: 1, cached_tokens: 5 } },
    };
    expect(section(usage, "Other members")).toMatchObject({ value: { usage: { cached_tokens: 5 } } });
  });

  it("is short in a line, however long it is", () => {
    const long = "word ".repeat(60_000);
    for (const event of [
      { event_type: "ai.query", query: { prompt: long } },
      { event_type: "ai.action", action: { function: long, input: { a: long }, output: [long] } },
      { event_type: "ai.error", error: { code: long, message: long } },
      { event_type: "ai.decision", decision: { type: long, chosen: { a: long } } },
    ]) {
      expect(headline(event).length).toBeLessThan(300);
      expect(story(event).title.length).toBeLessThan(300);
      expect(headline(event)).not.toContain("\n");
    }
  });

  it("is bounded, however deep it is", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 5_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    const event = { event_type: "ai.decision", decision: { options: [deep, deep], chosen: deep } };
    expect(headline(event).length).toBeLessThan(300);
    expect(story(event).sections).not.toHaveLength(0);
  });

  it("named like a member of every object is only a name", () => {
    const event = JSON.parse(
      '{"event_type":"ai.error","error":{"__proto__":{"a":1},"constructor":"c","code":"x"}}',
    ) as object;
    expect(section(event, "Other members")).toMatchObject({ kind: "value" });
    expect(story({ event_type: "constructor" }).facts).toEqual([]);
  });
});
