import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UNREACHABLE, watch } from "./health";
import {
  dependencyOf,
  dependencyWords,
  emptyInMs,
  lagMeans,
  overallOf,
  spoolOf,
  stateName,
  subjectName,
} from "./told";
import { words } from "./words";

const { schemas } = JSON.parse(readFileSync("../contract/openapi.json", "utf8")).components;
/** The words of `^(a|b)$`. */
const wordsOf = (schema: string, member: string): string[] =>
  schemas[schema].properties[member].pattern.slice(2, -2).split("|");

const unknown = words.unknownState("").means;

describe("every state of the contract has its words", () => {
  it("of the gateway", () => {
    for (const status of wordsOf("Readiness", "status")) {
      const known = watch(undefined, { readiness: { status, dependencies: [] }, summary: undefined }, 0);
      expect(overallOf(known, "online").means, status).not.toBe(unknown);
    }
  });

  it("of each dependency, with something to do when it is down", () => {
    const names = schemas.Dependency.properties.name.description
      .match(/`(\w+)`/g)
      .map((name: string) => name.slice(1, -1));
    const kinds = schemas.Dependency.properties.kind.description
      .match(/`(\w+)`/g)
      .map((kind: string) => kind.slice(1, -1));
    expect(Object.keys(words.dependencies).sort()).toEqual([...names].sort());
    expect(Object.keys(words.kinds).sort()).toEqual([...kinds].sort());
    for (const name of names) {
      for (const state of wordsOf("Dependency", "state")) {
        expect(dependencyOf({ name, state }).means).not.toBe(unknown);
      }
      expect(dependencyOf({ name, state: "down" }).todo).toBeTruthy();
    }
  });

  it("of the spool", () => {
    for (const state of wordsOf("Spool", "state")) expect(spoolOf(state).means, state).not.toBe(unknown);
  });
});

describe("what the page does not know", () => {
  it("is shown as it came", () => {
    expect(dependencyOf({ name: "log", state: "tired" }).label).toBe("tired");
    expect(spoolOf("constructor").label).toBe("constructor");
    expect(dependencyWords("toString").title).toBe("toString");
    expect(dependencyOf({ name: "vault", state: "down" })).toMatchObject({ label: "Down", tone: "bad" });
  });
});

it("no answer is told apart from no network", () => {
  const known = watch(undefined, undefined, 0);
  expect(overallOf(known, "unreachable")).toBe(words.overall.unreachable);
  expect(overallOf(known, "online")).toBe(words.overall.unreachable);
  expect(overallOf(known, "offline")).toBe(words.overall.offline);
});

it("changes are told by names", () => {
  expect(subjectName("gateway")).toBe("Gateway");
  expect(subjectName("dependency:store")).toBe("Store");
  expect(stateName("gateway", UNREACHABLE)).toBe("No answer");
  expect(stateName("spool", "draining")).toBe("Draining");
  expect(stateName("dependency:log", "down")).toBe("Down");
});

it("when the spool is empty is known while the log takes of it", () => {
  const spool = {
    state: "",
    bytes: 0,
    bytes_max: 0,
    oldest_age_seconds: 0,
    refused_records: 0,
    unreadable_slots: 0,
  };
  expect(emptyInMs({ ...spool, records: 500, drain_records_per_second: 100 })).toBe(5000);
  expect(emptyInMs({ ...spool, records: 500, drain_records_per_second: 0 })).toBeUndefined();
  expect(emptyInMs({ ...spool, records: 0, drain_records_per_second: 100 })).toBeUndefined();
});

it("a lag is none, small, or worth a look", () => {
  expect([0, 1, 30_000, 30_001].map(lagMeans)).toEqual(["none", "small", "small", "large"]);
});
