/**
 * Whether the pitch holds: 15 slides of 15 pages, nothing that runs over, every figure with its source, one page for the
 * one-pager. Says everything that is wrong, and ends with 1.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { faultsOf, numbersOf, OUT, PITCH, readSources, vouchedFor } from "./sources.mjs";

const SLIDES = 15;
const PARTS = [
  "Problem",
  "Market",
  "Solution",
  "How it works",
  "Technology",
  "Advantage",
  "Use cases",
  "Go-to-market",
  "Business model",
  "Traction",
  "Team",
  "Financials",
  "Ask",
];
/** What only the founders know, and says so. */
const FOUNDERS = ["Traction", "Team", "Ask"];
/** Names with digits in them, which are no figures. */
const NAMES =
  /Apache-2\.0|Ed25519|SHA256|S3\b|Article 12\b|Articles 12, 19 and 26\(6\)|Articles 19(?:,| and) 26\(6\)|Article 99\(4\)|p99|2024 BCCRT 149/g;
/** Figures in words. */
const IN_WORDS = /\b(?:dozen|hundred|thousand|twice|double|tenfold|per ?cent|half of|third of)s?\b/i;

/** What a page shows: its parts, and what of them runs over. Runs in the browser. */
function look(selector) {
  const UNITS = ".card, .assumed, .founders, tr, li, p, h1, h2, h3, h6, .way > div, div.name";
  return [...document.querySelectorAll(selector)].map((section) => {
    const box = section.getBoundingClientRect();
    const outside = [...section.querySelectorAll("*")]
      .filter((element) => !element.closest(".beside, .crop") && element.getClientRects().length > 0)
      .filter((element) => {
        const its = element.getBoundingClientRect();
        return (
          its.bottom > box.bottom + 1 ||
          its.right > box.right + 1 ||
          its.left < box.left - 1 ||
          its.top < box.top - 1
        );
      });
    const small = [...section.querySelectorAll("*")].filter((element) => {
      const own = [...element.childNodes].some(
        (node) => node.nodeType === 3 && node.textContent.trim() !== "",
      );
      return own && !element.closest("sup") && Number.parseFloat(getComputedStyle(element).fontSize) < 11.5;
    });
    const units = [...section.querySelectorAll(UNITS)].filter(
      (element) => !element.parentElement.closest(UNITS),
    );
    const foot = section.querySelector(".sources")?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    const under = [...section.querySelectorAll(":scope > :not(.sources, .beside)")].filter(
      (element) => element.getBoundingClientRect().bottom > foot + 1,
    );
    return {
      under: under.map((element) => element.textContent.trim().slice(0, 40)),
      part: section.querySelector("h6")?.textContent ?? "",
      overflow: section.scrollHeight - section.clientHeight,
      overflowAcross: section.scrollWidth - section.clientWidth,
      outside: outside.map((element) => `<${element.localName}> ${element.textContent.slice(0, 40)}`),
      small: small.map((element) => element.textContent.slice(0, 40)),
      pictures: [...section.querySelectorAll("img")].filter((image) => image.naturalWidth === 0).length,
      founders: [...section.querySelectorAll(".founders, .mark.f")].some((element) =>
        /Founders:/.test(element.textContent),
      ),
      units: units.map((element) => {
        const copy = element.cloneNode(true);
        const cited = [...copy.querySelectorAll("sup")].map((mark) => mark.textContent.trim());
        for (const mark of copy.querySelectorAll("sup, code, pre")) mark.replaceWith(" ");
        return { text: copy.textContent.replace(/\s+/g, " ").trim(), cited };
      }),
    };
  });
}

/** Every figure is cited with an entry that says it, or is called an assumption, or is the founders'. */
function unsourced(units, sources, used) {
  return units.flatMap(({ text, cited }) => {
    for (const number of cited) used.add(number);
    const unknown = cited
      .filter((number) => !sources.has(number))
      .map((number) => `there is no source ${number}: ${text}`);
    if (/Assumption:|Founders:/.test(text)) return unknown;
    const figures = numbersOf(text.replace(NAMES, " "));
    if (figures.length === 0 && !IN_WORDS.test(text)) return unknown;
    if (cited.length === 0) return [...unknown, `no source for the figures in: ${text}`];
    const said = new Set(cited.flatMap((number) => [...vouchedFor(sources.get(number) ?? {})]));
    return [
      ...unknown,
      ...figures
        .filter((figure) => !said.has(figure))
        .map((figure) => `${cited} do not say ${figure}: ${text}`),
    ];
  });
}

function pagesOf(name) {
  const told = execFileSync("pdfinfo", [join(OUT, name)], { encoding: "utf8" });
  return { pages: Number(/^Pages:\s+(\d+)/m.exec(told)[1]), size: /^Page size:\s+(.*)/m.exec(told)[1] };
}

const sources = readSources();
const faults = faultsOf(sources);
const used = new Set([...sources.values()].flatMap(({ Of = "" }) => numbersOf(Of)));

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
await page.goto(`file://${join(OUT, "deck.html")}`);
await page.evaluate(() => document.fonts.ready);
const slides = await page.evaluate(look, "section[id]");
const outsideRequests =
  readFileSync(join(OUT, "deck.html"), "utf8").match(/(?:src|href)="https?:[^"]+"/g) ?? [];

if (slides.length !== SLIDES) faults.push(`${slides.length} slides, not ${SLIDES}`);
const parts = slides.map(({ part }) => part).filter((part) => part !== "");
if (parts.join() !== PARTS.join()) faults.push(`the parts are ${parts.join(", ")}`);
for (const outside of outsideRequests) faults.push(`deck.html asks another host: ${outside}`);
slides.forEach((slide, index) => {
  const at = `slide ${index + 1}${slide.part && ` (${slide.part})`}`;
  if (slide.overflow > 0 || slide.overflowAcross > 0)
    faults.push(`${at} runs over by ${slide.overflow} px down, ${slide.overflowAcross} px across`);
  for (const outside of slide.outside) faults.push(`${at}: outside of the slide: ${outside}`);
  for (const text of slide.small) faults.push(`${at}: too small to read: ${text}`);
  for (const text of slide.under) faults.push(`${at}: over its own sources: ${text}`);
  if (slide.pictures > 0) faults.push(`${at}: a picture is not there`);
  if (FOUNDERS.includes(slide.part) && !slide.founders)
    faults.push(`${at}: nothing is marked as the founders'`);
  for (const fault of unsourced(slide.units, sources, used)) faults.push(`${at}: ${fault}`);
});

await page.goto(`file://${join(OUT, "one-pager.html")}`);
const [{ units }] = await page.evaluate(look, "body");
for (const fault of unsourced(units, sources, used)) faults.push(`one-pager: ${fault}`);
await browser.close();

const deck = pagesOf("deck.pdf");
if (deck.pages !== SLIDES) faults.push(`deck.pdf has ${deck.pages} pages`);
const one = pagesOf("one-pager.pdf");
if (one.pages !== 1 || !one.size.includes("A4"))
  faults.push(`the one-pager has ${one.pages} pages of ${one.size}`);
for (const number of sources.keys())
  if (!used.has(number)) faults.push(`SOURCES.md, ${number}: nothing cites it`);
for (const name of ["PITCH_DECK.md", "ONE_PAGER.md", "DEMO_SCRIPT.md", "README.md"])
  if (readFileSync(join(PITCH, name), "utf8").trim() === "") faults.push(`${name} is empty`);

for (const fault of faults) console.error(`pitch: ${fault}`);
if (faults.length > 0) process.exit(1);
const figures = slides.flatMap((slide) => slide.units).flatMap(({ cited }) => cited).length;
console.log(
  `pitch: ${slides.length} slides, none runs over; ${figures} citations of ${sources.size} sources hold; the one-pager is one page`,
);
