import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "./client";
import { stopRenewing } from "./refresh";

vi.mock("./cookies", () => ({ csrfToken: () => "token" }));

let asked: string[] = [];

/** A gateway that answers these in turn, and renews a session when it is asked to. */
function answers(...codes: (string | undefined)[]) {
  vi.stubGlobal("fetch", async (request: Request | string) => {
    const path = typeof request === "string" ? request : new URL(request.url).pathname;
    asked.push(path);
    if (path === "/auth/refresh") return new Response(JSON.stringify({ expires_in: 600 }));
    const code = codes.shift();
    return code === undefined
      ? new Response(null, { status: 204 })
      : new Response(JSON.stringify({ code, detail: "No.", status: 401 }), { status: 401 });
  });
}

beforeEach(() => {
  asked = [];
});
afterEach(() => {
  stopRenewing();
  vi.unstubAllGlobals();
});

const body = { current: "until now", password: "a quiet harbour" };

it("renews the session once its access has run out, and asks again", async () => {
  answers("invalid_access_token");
  await api.POST("/me/password", { body });
  expect(asked).toEqual(["/me/password", "/auth/refresh", "/me/password"]);
});

it("tries a wrong password once alone", async () => {
  answers("invalid_credentials");
  await expect(api.POST("/me/password", { body })).rejects.toMatchObject({ code: "invalid_credentials" });
  expect(asked).toEqual(["/me/password"]);
});

it("signs out everywhere also when the access has run out", async () => {
  answers("missing_api_key");
  await api.POST("/auth/logout-all");
  expect(asked).toEqual(["/auth/logout-all", "/auth/refresh", "/auth/logout-all"]);
});

it("takes a refused sign-in for its answer", async () => {
  answers("invalid_credentials");
  await expect(api.POST("/auth/logout")).rejects.toMatchObject({ status: 401 });
  expect(asked).toEqual(["/auth/logout"]);
});
