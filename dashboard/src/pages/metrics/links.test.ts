import { describe, expect, it } from "vitest";
import { eventsHref, topicHref } from "./links";

const noon = { fromMs: Date.parse("2026-01-31T12:00:00Z"), toMs: Date.parse("2026-01-31T12:01:00Z") };

function paramsOf(href: string): Record<string, string> {
  const url = new URL(href, "https://gapin.example");
  return { path: url.pathname, ...Object.fromEntries(url.searchParams) };
}

describe("the events behind a point", () => {
  it("are those of its step", () => {
    expect(paramsOf(eventsHref(noon))).toEqual({
      path: "/live",
      from: "2026-01-31T12:00:00.000Z",
      to: "2026-01-31T12:01:00.000Z",
    });
  });

  it("of a kind of errors have its code in them, whatever it is", () => {
    const code = "time out & <more>#1";
    expect(paramsOf(eventsHref(noon, { type: "ai.error", q: code }))).toMatchObject({
      type: "ai.error",
      q: code,
    });
  });

  it("of an AI system or a type are its own", () => {
    expect(paramsOf(eventsHref(noon, { ai: "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60" }))["ai"]).toBe(
      "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
    );
    expect(paramsOf(eventsHref(noon, { type: "ai.error" }))["type"]).toBe("ai.error");
  });
});

it("a topic's name is one part of the path, whatever it is called", () => {
  expect(topicHref("orders.v1")).toBe("/topics/orders.v1");
  expect(topicHref("a b/../c?d#e")).toBe("/topics/a%20b%2F..%2Fc%3Fd%23e");
});
