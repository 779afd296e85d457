import { describe, expect, it } from "vitest";
import { isCertain, recognise } from "./recognise";

const EVENT = "0198a3c0-7d2f-7c1b-9f7e-2b8f3f1d5a10";
const SYSTEM = "3f2a9c14-58d1-4e0b-8a77-6f1b2c3d4e5f";
const kinds = (text: string) => recognise(text).map(({ kind }) => kind);
const texts = (text: string) => [...new Set(recognise(text).map((one) => one.text))];

describe("an id that is pasted", () => {
  it("of version 7 is first of all an event's", () => {
    for (const text of [
      EVENT,
      ` "${EVENT}",`,
      EVENT.replaceAll("-", ""),
      `https://gapin.example/event/${EVENT}`,
    ]) {
      expect(kinds(text), text).toEqual(["event", "ai-system", "session", "request"]);
      expect(texts(text)).toEqual([EVENT]);
    }
  });

  it("of another version is no event's", () => {
    expect(kinds(SYSTEM)).toEqual(["ai-system", "session", "request"]);
  });

  it("of a dead letter is told by its form", () => {
    expect(kinds("0-41")).toEqual(["dead-letter", "session", "search"]);
    expect(kinds("12-123456789012")).toContain("dead-letter");
    expect(kinds("2026-11-21")).not.toContain("dead-letter");
  });

  it("of a session may have any form", () => {
    for (const text of ["sess_8f2k", "chat-42", "user:42/7", "case#4711"]) {
      expect(kinds(text), text).toEqual(["session", "request", "search"]);
    }
  });

  it("is certain when it can be nothing else", () => {
    expect(recognise(EVENT).every(isCertain)).toBe(true);
    expect(recognise("sess_8f2k").some(isCertain)).toBe(false);
    expect(recognise("0-41").map(isCertain)).toEqual([true, false, false]);
  });
});

describe("words", () => {
  it("are searched for", () => {
    expect(recognise("refund")).toEqual([{ kind: "search", text: "refund" }]);
    expect(recognise(" no refund ")).toEqual([{ kind: "search", text: "no refund" }]);
  });

  it("that are too short or too long are nothing", () => {
    for (const text of ["", "  ", "a", "a ".repeat(200)]) expect(recognise(text)).toEqual([]);
  });
});

describe("a secret goes nowhere", () => {
  it("of a key its beginning alone, which is none", () => {
    expect(recognise("sk_01234567890abcdefghijklmnopqr")).toEqual([{ kind: "key", text: "sk_01234567" }]);
    expect(recognise("Authorization: Bearer sk_01234567890abcdefghijklmnopqr")).toEqual([
      { kind: "key", text: "sk_01234567" },
    ]);
  });

  it("and of all others nothing", () => {
    for (const text of [
      "rt_0123456789abcdef",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
      "-----BEGIN PRIVATE KEY-----",
      "Bearer abcdefgh",
    ]) {
      expect(recognise(text), text).toEqual([]);
    }
  });
});
