import { expect, test } from "vitest";
import {
  bodyOf,
  draftFaults,
  environment,
  isFull,
  lacksDefault,
  olderVerifying,
  type SigningKey,
  type SigningKeyDraft,
  VERIFYING_MAX,
  type Version,
  verifies,
} from "./rules";

const NOW = new Date("2026-11-22T12:00:00Z");
const AI_ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

function version(of: Partial<Version> = {}): Version {
  return {
    version: 1,
    status: "active",
    made_by: "ada@example.com",
    created_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

function key(of: Partial<SigningKey> = {}): SigningKey {
  return {
    key_id: "agent",
    is_default: false,
    algorithm: "HMAC-SHA256",
    status: "active",
    created_at: "2026-01-01T00:00:00Z",
    versions: [version()],
    ...of,
  };
}

const draft = (of: Partial<SigningKeyDraft> = {}): SigningKeyDraft => ({
  keyId: "agent-2026",
  signs: "any",
  aiId: "",
  isDefault: false,
  ...of,
});

test("a version without an end is the one to sign with", () => {
  expect(verifies(version(), NOW)).toEqual({ kind: "signs" });
});

test("a version that was rotated verifies until its end, however far that is", () => {
  const until = "2026-12-22T12:00:00Z";
  expect(verifies(version({ verify_until: until }), NOW)).toEqual({
    kind: "verifies",
    left: "30 days",
    until,
  });
});

test("at its end, and when it is revoked, a version verifies nothing", () => {
  const end = "2026-11-22T12:00:00Z";
  expect(verifies(version({ verify_until: end }), NOW)).toEqual({ kind: "over", since: end });
  const revoked = { revoked_at: "2026-11-01T00:00:00Z", verify_until: "2026-12-22T12:00:00Z" };
  expect(verifies(version(revoked), NOW)).toEqual({ kind: "revoked", since: revoked.revoked_at });
});

test("a key is full when the next version would be one too many", () => {
  const older = (n: number) =>
    Array.from({ length: n }, (_, at) => version({ version: n - at, verify_until: "2026-11-23T00:00:00Z" }));
  const with_ = (n: number) => key({ versions: [version({ version: n + 1 }), ...older(n)] });
  expect(olderVerifying(with_(3), NOW)).toHaveLength(3);
  expect(isFull(with_(VERIFYING_MAX - 2), NOW)).toBe(false);
  expect(isFull(with_(VERIFYING_MAX - 1), NOW)).toBe(true);
});

test("a default that is revoked is no default any more", () => {
  expect(lacksDefault([])).toBe(false);
  expect(lacksDefault([key({ is_default: true }), key()])).toBe(false);
  expect(lacksDefault([key({ is_default: true, status: "revoked" }), key()])).toBe(true);
  expect(lacksDefault([key({ is_default: true, status: "revoked" })])).toBe(false);
});

test.each<[string, boolean]>([
  ["agent-2026", true],
  ["A.b_c:d-1", true],
  ["environment", true],
  ["", false],
  ["  ", false],
  ["-agent", false],
  ["an agent", false],
  ["agént", false],
  ["env", false],
])("the name %j is good: %s", (keyId, isGood) => {
  expect("key_id" in draftFaults(draft({ keyId }))).toBe(!isGood);
});

test("an id of an AI system is a UUID, where one is to be given", () => {
  expect(draftFaults(draft({ signs: "other", aiId: "agent" }))).toHaveProperty("ai_id");
  expect(draftFaults(draft({ signs: "other", aiId: ` ${AI_ID.toUpperCase()} ` }))).toEqual({});
  expect(draftFaults(draft({ signs: "any", aiId: "agent" }))).toEqual({});
});

test("what is sent names an AI system only where one was chosen", () => {
  expect(bodyOf(draft())).toEqual({ key_id: "agent-2026", is_default: false });
  expect(bodyOf(draft({ signs: AI_ID, isDefault: true }))).toEqual({
    key_id: "agent-2026",
    is_default: true,
    ai_id: AI_ID,
  });
  expect(bodyOf(draft({ signs: "other", aiId: ` ${AI_ID} ` }))).toMatchObject({ ai_id: AI_ID });
});

test("the environment has the names that the SDKs read", () => {
  const secret = { ...key({ key_id: "agent" }), secret: "ss_1" };
  expect(environment(secret)).toBe("GAPIN_SIGNING_SECRET=ss_1\nGAPIN_SIGNING_KEY_ID=agent");
  expect(environment({ ...secret, ai_id: AI_ID })).toContain(`\nGAPIN_AI_ID=${AI_ID}`);
});
