/** What stands between scenes, and the captions under the picture: pages of our own, in the product's colours and type. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../scripts/sources.mjs";

const require = createRequire(import.meta.url);
const data = (path, type) => `data:${type};base64,${readFileSync(path).toString("base64")}`;
const INTER = data(
  require.resolve("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
  "font/woff2",
);
const LOGO = data(join(ROOT, "dashboard/public/favicon.svg"), "image/svg+xml");

const page = (style, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><style>
  @font-face { font-family: "Inter Variable"; font-weight: 100 900; src: url(${INTER}) format("woff2"); }
  * { margin: 0; box-sizing: border-box; }
  body { overflow: hidden; background: #0b0c0f; color: #f1f2f4; font-family: "Inter Variable", sans-serif; }
  ${style}</style><body>${body}</body></html>`;

/** A whole picture: a title, and a line under it. */
export const card = (title, line = "") =>
  page(
    `body { display: grid; height: 100vh; place-content: center start; padding: 0 130px;
       background: radial-gradient(90vw 90vh at 85% 15%, #1e2344, #0b0c0f 70%); }
     img { width: 64px; margin-bottom: 34px; } h1 { max-width: 900px; font-size: 76px; font-weight: 700; line-height: 1.06; letter-spacing: -0.035em; text-wrap: balance; }
     p { margin-top: 26px; color: #a9adb6; font-size: 28px; }`,
    title === "" ? "" : `<img src="${LOGO}" alt=""><h1>${title}</h1><p>${line}</p>`,
  );

/** The captions, each as a strip of `width` × `height`, one under the other. */
export const strips = (texts, width, height) =>
  page(
    `div { display: grid; width: ${width}px; height: ${height}px; place-items: center; padding: 0 120px; overflow: hidden;
       border-top: 2px solid #2a2c33; background: #121317; }
     p { max-width: 1560px; font-size: 35px; font-weight: 550; line-height: 1.28; letter-spacing: -0.012em; text-align: center; text-wrap: balance; }`,
    texts.map((text) => `<div><p>${text}</p></div>`).join(""),
  );
