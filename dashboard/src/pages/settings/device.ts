/** What a device calls itself, in a few words: the browser and the system, as far as a user agent tells. */
import { words } from "./words";

export interface Device {
  name: string;
  kind: "computer" | "phone" | "tablet" | "program" | "unknown";
}

/** The first that matches names it: browsers also say the names of those that they descend from. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|OPT|OPiOS|OPX)\//, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bYaBrowser\//, "Yandex Browser"],
  [/\bDuckDuckGo\//, "DuckDuckGo"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\bHeadlessChrome\//, "Headless Chrome"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string, Device["kind"]])[] = [
  [/\biPhone\b/, "iPhone", "phone"],
  [/\biPad\b/, "iPad", "tablet"],
  [/\bAndroid\b.*\bMobile\b/, "Android", "phone"],
  [/\bAndroid\b/, "Android", "tablet"],
  [/\bCrOS\b/, "ChromeOS", "computer"],
  [/\bWindows\b/, "Windows", "computer"],
  [/\bMac ?OS ?X\b|\bMacintosh\b/, "macOS", "computer"],
  [/\bLinux\b|\bX11\b/, "Linux", "computer"],
];

/** `curl/8.5.0`, `python-httpx/0.27`, `Go-http-client/2.0`: a name and a version are a program. */
const PROGRAM = /^([A-Za-z][\w.+-]{0,39})(?:\/([\w.+-]{1,20}))?(?:\s|$)/;

export function deviceOf(userAgent: string | null | undefined): Device {
  const text = userAgent?.trim() ?? "";
  if (text === "") return { name: words.sessions.unknownDevice, kind: "unknown" };
  const browser = BROWSERS.find(([pattern]) => pattern.test(text))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(text));
  if (browser !== undefined && system !== undefined) {
    return { name: words.sessions.on(browser, system[1]), kind: system[2] };
  }
  if (browser !== undefined) return { name: browser, kind: "unknown" };
  if (text.startsWith("Mozilla/")) {
    return system === undefined
      ? { name: words.sessions.unknownDevice, kind: "unknown" }
      : { name: system[1], kind: system[2] };
  }
  const program = PROGRAM.exec(text);
  if (program === null) return { name: words.sessions.unknownDevice, kind: "unknown" };
  const [, name = "", version] = program;
  return { name: version === undefined ? name : `${name} ${version}`, kind: "program" };
}
