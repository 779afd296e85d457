/** Writes target/pitch: the deck as HTML and PDF (Marp), the one-pager as HTML and PDF. Everything is in each file. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import MarkdownIt from "markdown-it";
import { launch } from "./browser.mjs";
import { OUT, PITCH, readSources } from "./sources.mjs";

const require = createRequire(import.meta.url);
const TYPES = { png: "image/png", svg: "image/svg+xml", woff2: "font/woff2" };

function asData(path) {
  const type = TYPES[path.split(".").pop()];
  return `data:${type};base64,${readFileSync(path).toString("base64")}`;
}

/** The fonts of the dashboard; of Latin script and what else the deck writes. */
function fonts() {
  const face = (family, path) =>
    `@font-face { font-family: "${family}"; font-weight: 100 900; src: url(${asData(require.resolve(path))}) format("woff2"); }`;
  return [
    face("Inter Variable", "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
    face(
      "JetBrains Mono Variable",
      "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
    ),
  ].join("\n");
}

const withPictures = (text) =>
  text.replace(/src="(\.\.?\/[^"]+)"/g, (_, path) => `src="${asData(resolve(PITCH, path))}"`);

/** At the foot of each slide, where its figures come from. */
function withSources(slide, sources) {
  const cited = [...new Set([...slide.matchAll(/<sup>(\d+)<\/sup>/g)].map((found) => found[1]))];
  if (cited.length === 0) return slide;
  const told = cited
    .sort((one, other) => one - other)
    .map((number) => `<b>${number}</b> ${sources.get(number)?.Short ?? "?"}`);
  const foot = `<div class="sources">${told.join(" · ")}. In full: pitch/SOURCES.md</div>`;
  const notes = slide.lastIndexOf("<!--\n");
  return notes < 0 ? `${slide}\n${foot}\n` : `${slide.slice(0, notes)}${foot}\n\n${slide.slice(notes)}`;
}

function deck(sources) {
  const [, head, body] = /^(---\n[\s\S]*?\n---\n)([\s\S]*)$/.exec(
    readFileSync(join(PITCH, "PITCH_DECK.md"), "utf8"),
  );
  const slides = body.split("\n---\n").map((slide) => withSources(slide, sources));
  writeFileSync(join(OUT, "work/deck.md"), head + withPictures(slides.join("\n---\n")));
  writeFileSync(
    join(OUT, "work/theme.css"),
    `${readFileSync(join(PITCH, "theme.css"), "utf8")}\n${fonts()}\n`,
  );
  const marp = join(PITCH, "node_modules/@marp-team/marp-cli/marp-cli.js");
  const options = ["--html", "--no-config-file", "--quiet", "--theme", join(OUT, "work/theme.css")];
  execFileSync(
    process.execPath,
    [marp, join(OUT, "work/deck.md"), ...options, "-o", join(OUT, "deck.html")],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

function onePager(sources) {
  const markdown = readFileSync(join(PITCH, "ONE_PAGER.md"), "utf8");
  const cited = [...new Set([...markdown.matchAll(/<sup>(\d+)<\/sup>/g)].map((found) => found[1]))];
  const told = cited.map((number) => `<b>${number}</b> ${sources.get(number)?.Short ?? "?"}`);
  const style = readFileSync(join(PITCH, "one-pager.css"), "utf8");
  const body = new MarkdownIt({ html: true, typographer: false }).render(withPictures(markdown));
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>GAPIN on one page</title><style>${fonts()}${style}</style><body>${body}<footer>${told.join(" · ")}. In full: pitch/SOURCES.md</footer></body></html>`;
  writeFileSync(join(OUT, "one-pager.html"), page);
}

async function print(names) {
  const browser = await launch();
  for (const name of names) {
    const page = await browser.newPage();
    await page.goto(`file://${join(OUT, `${name}.html`)}`);
    await page.evaluate(() => document.fonts.ready);
    await page.pdf({ path: join(OUT, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
    await page.close();
  }
  await browser.close();
}

mkdirSync(join(OUT, "work"), { recursive: true });
const sources = readSources();
deck(sources);
onePager(sources);
await print(["deck", "one-pager"]);
