import { describe, expect, it } from "vitest";
import { deviceOf } from "./device";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const IOS = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

const known: readonly (readonly [string, string, string])[] = [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`,
    "Chrome on Windows",
    "computer",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    "Edge on Windows",
    "computer",
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0`,
    "Opera on Linux",
    "computer",
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`,
    "Chrome on ChromeOS",
    "computer",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Firefox on macOS",
    "computer",
  ],
  [
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Firefox on Linux",
    "computer",
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${IOS} Version/18.5 Safari/605.1.15`,
    "Safari on macOS",
    "computer",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${IOS} Version/18.5 Mobile/15E148 Safari/604.1`,
    "Safari on iPhone",
    "phone",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${IOS} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`,
    "Chrome on iPhone",
    "phone",
  ],
  [
    `Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) ${IOS} FxiOS/143.0 Mobile/15E148 Safari/605.1.15`,
    "Firefox on iPad",
    "tablet",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36`,
    "Chrome on Android",
    "phone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`,
    "Chrome on Android",
    "tablet",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet on Android",
    "phone",
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/140.0.0.0 Safari/537.36`,
    "Headless Chrome on Linux",
    "computer",
  ],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows", "computer"],
  ["curl/8.5.0", "curl 8.5.0", "program"],
  ["python-httpx/0.27.0", "python-httpx 0.27.0", "program"],
  ["Go-http-client/2.0", "Go-http-client 2.0", "program"],
  ["gapin/0.1.0 (linux)", "gapin 0.1.0", "program"],
  ["node", "node", "program"],
];

describe("a device is named by its user agent", () => {
  it.each(known)("%s", (agent, name, kind) => {
    expect(deviceOf(agent)).toEqual({ name, kind });
  });

  it("and is unknown where that tells nothing", () => {
    for (const agent of [
      undefined,
      null,
      "",
      "  ",
      "Mozilla/5.0",
      "<script>alert(1)</script>",
      "\u202Eevil",
      "{}",
      "日本",
    ]) {
      expect(deviceOf(agent)).toEqual({ name: "Unknown device", kind: "unknown" });
    }
  });

  it("is short whatever stands there", () => {
    expect(deviceOf("a".repeat(10_000)).name.length).toBeLessThan(80);
    expect(deviceOf(`${"a".repeat(39)}/${"1".repeat(10_000)}`).name.length).toBeLessThan(80);
  });
});
