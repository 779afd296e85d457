import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { Problem } from "./problem";
import { problemText } from "./problem-text";

function refusal(status: number, code: string, members: Record<string, unknown> = {}, retryAfterS?: number) {
  const problem = { code, title: "The title", detail: "The detail.", request_id: "req_1", ...members };
  return new ApiProblem(status, problem, { retryAfterS });
}

function check(error: unknown, expected: Partial<ReturnType<typeof problemText>>, isOnline = true) {
  expect(problemText(error, isOnline)).toMatchObject(expected);
}

test("a missing scope is named, with who has it", () => {
  check(refusal(403, "missing_scope", { detail: "This needs the scope audit:read." }), {
    kind: "forbidden",
    title: "You may not see this",
    text: "This needs audit:read, which your role does not have. It is for admins and owners; ask one of them.",
    canRetry: false,
  });
  check(refusal(403, "missing_scope", { detail: "This needs the scope organisation:manage." }), {
    text: "This needs organisation:manage, which your role does not have. It is for owners; ask one of them.",
  });
  check(refusal(403, "missing_scope", { detail: "This needs the scope events:read." }), {
    text: "This needs events:read, which your role does not have.",
  });
});

test("a role that is too low is told in the gateway's words", () => {
  check(refusal(403, "role_too_low"), {
    kind: "forbidden",
    title: "The title",
    detail: "The detail.",
    text: "Ask an admin or an owner of the organisation.",
  });
});

test("nothing there is not a failure", () => {
  check(refusal(404, "not_found"), { kind: "missing", title: "There is no such thing", canRetry: false });
});

test("too many requests says when", () => {
  check(refusal(429, "rate_limited", {}, 1), {
    kind: "wait",
    title: "Too many requests",
    text: "Try again in a second.",
  });
  check(refusal(429, "rate_limited", {}, 12.2), { text: "Try again in 13 seconds." });
  check(refusal(429, "too_many_attempts", {}, 900), { title: "The title", text: "Try again in 15 minutes." });
  check(refusal(429, "daily_quota_exceeded"), { kind: "wait", detail: "The detail.", canRetry: true });
});

test("what is away comes back by itself", () => {
  check(refusal(503, "store_unavailable"), { kind: "unavailable", title: "The title", canRetry: true });
  check(refusal(503, "email_unavailable"), { kind: "unavailable", text: "The detail.", canRetry: false });
  check(new ApiProblem(502, {}), { kind: "unavailable", canRetry: true });
});

test("no answer is the gateway's fault or the network's", () => {
  const away = ApiProblem.unreachable(new TypeError("Failed to fetch"));
  check(away, { kind: "offline", title: "The gateway does not answer", canRetry: true });
  expect(problemText(away).code).toBeUndefined();
  check(away, { kind: "offline", title: "You are offline" }, false);
});

test("a fault of ours asks for the request id", () => {
  check(refusal(500, "internal"), {
    kind: "broken",
    title: "Something broke in the gateway",
    requestId: "req_1",
  });
});

test("a session that has ended says so; a wrong password is a wrong password", () => {
  check(refusal(401, "invalid_access_token"), { title: "You are signed out" });
  check(refusal(401, "invalid_credentials"), { title: "The title", text: "The detail." });
});

test("any other refusal is told as the gateway tells it", () => {
  check(refusal(409, "already_exists"), {
    kind: "broken",
    title: "The title",
    text: "The detail.",
    code: "already_exists",
  });
});

test("a page of a version that is gone wants to be loaded again", () => {
  check(new TypeError("Failed to fetch dynamically imported module: /assets/keys-1a.js"), {
    kind: "outdated",
    title: "The dashboard was updated",
  });
});

test("what is no problem of the gateway is one of the page", () => {
  check(new RangeError("Invalid time value"), {
    kind: "broken",
    title: "This page broke",
    detail: "Invalid time value",
  });
  check(undefined, { kind: "broken", title: "This page broke", detail: undefined });
});

test("code and request id are there to be handed on", async () => {
  const user = userEvent.setup();
  const onRetry = vi.fn();
  render(<Problem error={refusal(503, "log_unavailable")} onRetry={onRetry} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Code log_unavailable");
  expect(screen.getByRole("alert")).toHaveTextContent("Request req_1");
  await user.click(screen.getByRole("button", { name: "Copy request id" }));
  expect(await navigator.clipboard.readText()).toBe("req_1");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("what can't be helped by trying again is not offered to be tried", () => {
  render(<Problem error={refusal(403, "missing_scope")} onRetry={() => undefined} />);
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("the faults of a body are listed, the first of many", () => {
  const errors = Array.from({ length: 7 }, (_, index) => ({
    pointer: `/scopes/${index}`,
    code: "enum",
    detail: "is no scope",
  }));
  render(<Problem error={refusal(400, "invalid_body", { errors })} compact />);
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "/scopes/0 is no scope",
    "/scopes/1 is no scope",
    "/scopes/2 is no scope",
    "/scopes/3 is no scope",
    "/scopes/4 is no scope",
    "and 2 more",
  ]);
});

test("a detail as long as a book is cut", () => {
  render(<Problem error={refusal(400, "invalid_body", { detail: "x".repeat(300_000) })} />);
  expect(screen.getByRole("alert").textContent?.length).toBeLessThan(2_000);
});
