/**
 * Makes target/pitch/demo.mp4 and demo.vtt: drives the real product in a browser, films it and cuts it. GAPIN_BIN is the program,
 * FILM_PYTHON a Python that has the SDK's httpx, FILM_SECONDS how long it is to last.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../scripts/browser.mjs";
import { OUT, PITCH, ROOT } from "../scripts/sources.mjs";
import { Camera } from "./camera.mjs";
import { card } from "./cards.mjs";
import { cut, HEIGHT, STRIP, WIDTH } from "./cut.mjs";
import { Stage } from "./stage.mjs";
import { tell } from "./story.mjs";

const VIEWPORT = { width: 1440, height: 720 };
const SECONDS = Number(process.env.FILM_SECONDS ?? 300);
const SECONDS_APART_MAX = 25; // of a film that was asked to last so long

mkdirSync(join(OUT, "work"), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "gapin-film-"));
for (const name of ["bin", "frames", "data"]) mkdirSync(join(folder, name));
symlinkSync(process.env.GAPIN_BIN, join(folder, "bin/gapin"));
// Not a link: a virtual environment is found by where its Python lies.
writeFileSync(join(folder, "bin/python"), `#!/bin/sh\nexec "${process.env.FILM_PYTHON}" "$@"\n`, {
  mode: 0o755,
});
for (const name of ["agent.py", "count.py"]) cpSync(join(PITCH, "demo", name), join(folder, name));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** The gateway as the film starts it, and what is done with it off stage. */
class Gateway {
  constructor(port) {
    this.url = `http://localhost:${port}`;
  }

  get #variables() {
    const lines = readFileSync(join(folder, "data/dev.env"), "utf8").matchAll(/^(GAPIN_\w+)=(.*)$/gm);
    return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  }

  async start(stage) {
    const started = await stage.run("exec gapin dev", { as: "gapin dev", wait: false });
    while (!(await this.#isReady())) {
      if (started.child.exitCode !== null) throw new Error(`gapin ended:\n${started.said.join("\n")}`);
      await pause(50);
    }
    await pause(1_000); // what it says is on its way
    stage.setEnvironment(this.#variables);
    return started;
  }

  async #isReady() {
    const ready = await fetch(`${this.url}/health/ready`).catch(() => ({ ok: false }));
    return ready.ok && existsSync(join(folder, "data/dev.env"));
  }

  oneTimePassword(said) {
    return /one-time password (\S+)/.exec(said.join("\n"))[1].replace(/\u001b\[[0-9;]*m/g, "");
  }

  /** The owner's own password in the place of the one-time one, as the page does it. */
  async settle(page, current, password) {
    const status = await page.evaluate(
      async (body) => {
        const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
        const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
        return (await fetch("/me/password", { method: "POST", headers, body: JSON.stringify(body) })).status;
      },
      { current, password },
    );
    if (status >= 300) throw new Error(`the password could not be changed: ${status}`);
  }

  async register(name) {
    const { GAPIN_API_KEY, GAPIN_AI_ID } = this.#variables;
    const answer = await fetch(`${this.url}/api/v1/ai-systems`, {
      method: "POST",
      headers: { Authorization: `Bearer ${GAPIN_API_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ ai_id: GAPIN_AI_ID, name, environment: "production" }),
    });
    if (!answer.ok) throw new Error(`the AI system could not be registered: ${await answer.text()}`);
  }
}

/** Says captions, each for its time; all of them together make the film's length. */
function captioner(camera, pace) {
  const captions = [];
  let until = 0;
  const leftOut = () => camera.left.reduce((sum, { from, to }) => sum + to - from, 0);
  const now = () => Date.now() / 1000 - leftOut();
  const caption = async (text, seconds) => {
    await pause(Math.max(0, until - now()) * 1000);
    captions.push({ text, at: Date.now() / 1000, seconds: seconds * pace });
    until = now() + seconds * pace;
    console.log(`${captions.length}. ${text}`);
  };
  caption.end = () => pause(Math.max(0, until - now()) * 1000);
  return { caption, captions };
}

/** What the scenes' captions come to, as they stand in the story. */
function planned() {
  const story = readFileSync(join(PITCH, "demo/story.mjs"), "utf8");
  return [...story.matchAll(/await caption\([\s\S]*?,\s*(\d+),?\s*\);/g)].reduce(
    (sum, [, seconds]) => sum + Number(seconds),
    0,
  );
}

function check(path) {
  const asked = ["-v", "error", "-show_entries", "stream=width,height:format=duration", "-of", "json", path];
  const { streams, format } = JSON.parse(execFileSync("ffprobe", asked, { encoding: "utf8" }));
  const seconds = Number(format.duration);
  const [{ width, height }] = streams;
  if (width !== WIDTH || height !== HEIGHT) throw new Error(`the film is ${width} × ${height}`);
  if (Math.abs(seconds - SECONDS) > SECONDS_APART_MAX)
    throw new Error(`the film lasts ${seconds} s, not ${SECONDS}`);
  return seconds;
}

const port = await freePort();
const environment = {
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  HOME: folder,
  PYTHONPATH: join(ROOT, "sdk-python/src"),
  PYTHONUNBUFFERED: "1",
  GAPIN_LISTEN: `127.0.0.1:${port}`,
  GAPIN_METRICS_LISTEN: "127.0.0.1:0",
  GAPIN_DATA_DIR: join(folder, "data"),
  GAPIN_LOG: "error",
  NO_COLOR: "1",
};
const scale = (HEIGHT - STRIP) / VIEWPORT.height;
const browser = await launch([`--force-device-scale-factor=${scale}`]);
process.chdir(folder);
let stage;
try {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    deviceScaleFactor: scale,
    locale: "en-GB",
    colorScheme: "dark",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a machine may be busy
  const camera = new Camera(join(folder, "frames"));
  stage = new Stage(page, environment);
  await stage.prepare();
  // A card is a page like any other, with the pointer and the terminal over it.
  const show = async (html) => {
    writeFileSync(join(folder, "card.html"), html);
    const turn = async () => {
      await page.goto(`file://${join(folder, "card.html")}`);
      await page.evaluate(() => document.fonts.ready);
    };
    await (camera.frames.length > 0 ? camera.without(turn) : turn());
  };
  await show(card(""));
  await camera.start(page, WIDTH, HEIGHT - STRIP);
  const { caption, captions } = captioner(camera, SECONDS / planned());
  await tell({ page, stage, camera, caption, gateway: new Gateway(port), show });
  const ended = Date.now() / 1000;
  await camera.stop();
  await context.close();
  stage.end();
  console.log(`cutting ${camera.frames.length} pictures`);
  await cut({ browser, camera, captions, ended, folder, out: join(folder, "demo") });
  const seconds = check(join(folder, "demo.mp4"));
  for (const name of ["demo.mp4", "demo.vtt"]) cpSync(join(folder, name), join(OUT, name));
  console.log(
    `demo film: ${seconds.toFixed(0)} s, ${captions.length} captions, nothing acknowledged was lost: target/pitch/demo.mp4`,
  );
} catch (error) {
  const failed = join(OUT, "work/film-failed.png");
  await browser
    .contexts()[0]
    ?.pages()[0]
    ?.screenshot({ path: failed })
    .catch(() => {});
  console.error(`the film broke off; what was shown then: ${failed}`);
  throw error;
} finally {
  stage?.end();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
