/** What the film shows over a page: a pointer, and a terminal in which real commands run. The page knows nothing of it. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const LINES_MAX = 60;

/** Runs in the page: draws what it is told, in a shadow of its own, by sheets that a strict policy allows. */
function layer() {
  if (globalThis.gapinStage || globalThis.top !== globalThis) return;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; }
    #terminal { position: absolute; right: 20px; bottom: 20px; box-sizing: border-box; width: 660px; height: 300px; padding: 34px 18px 12px;
      overflow: hidden; border: 1px solid #3a3d46; border-radius: 10px; background: #0b0c0ff5; color: #f1f2f4;
      box-shadow: 0 24px 60px -12px #000a; font: 13.5px/1.55 "JetBrains Mono Variable", "DejaVu Sans Mono", monospace;
      opacity: 0; transform: translateY(12px); transition: opacity .25s, transform .25s, width .3s, height .3s; }
    #terminal.shown { opacity: 1; transform: none; }
    #terminal.left { right: auto; left: 20px; }
    #terminal.full { right: 170px; bottom: 90px; width: 1100px; height: 540px; font-size: 17px; }
    #bar { position: absolute; inset: 0 0 auto 0; display: flex; gap: 7px; padding: 11px 16px; }
    #bar i { width: 10px; height: 10px; border-radius: 50%; background: #3a3d46; }
    #lines { position: absolute; inset: auto 18px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
    .full #lines { inset: 44px 26px auto; }
    .command { color: #ffffff; font-weight: 600; }
    .command::before { color: #93a2ff; content: "$ "; }
    .good { color: #5fd49a; } .bad { color: #ff928a; } .note { color: #8e939d; }
    .typing::after { content: "▌"; color: #93a2ff; }
    #pointer { position: absolute; left: -40px; top: -40px; width: 22px; height: 22px; transition: left .55s cubic-bezier(.3,.1,.2,1), top .55s cubic-bezier(.3,.1,.2,1); }
    #ring { position: absolute; width: 34px; height: 34px; margin: -15px 0 0 -15px; border: 3px solid #93a2ff; border-radius: 50%; opacity: 0; }
    #ring.on { animation: ring .5s ease-out; }
    @keyframes ring { from { opacity: .9; transform: scale(.3); } to { opacity: 0; transform: scale(1.25); } }`);
  root.adoptedStyleSheets = [sheet];
  const make = (id, parent = root, tag = "div") => {
    const element = parent.appendChild(document.createElement(tag));
    if (id) element.id = id;
    return element;
  };
  const terminal = make("terminal");
  const bar = make("bar", terminal);
  for (let dot = 0; dot < 3; dot += 1) make("", bar, "i");
  const lines = make("lines", terminal);
  const ring = make("ring");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const arrow = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.id = "pointer";
  svg.setAttribute("viewBox", "0 0 24 24");
  arrow.setAttribute("d", "M4 2l6.6 17.5 2.4-7 7-2.4z");
  arrow.setAttribute("fill", "#fff");
  arrow.setAttribute("stroke", "#15171c");
  arrow.setAttribute("stroke-width", "1.6");
  svg.append(arrow);
  root.append(svg);
  globalThis.gapinStage = {
    draw({ shown, place, written, pointer }) {
      terminal.className = `${shown ? "shown" : ""} ${place}`;
      lines.replaceChildren(
        ...written.map(({ text, kind }) => {
          const line = document.createElement("div");
          line.className = kind;
          line.textContent = text === "" ? "\u00a0" : text;
          return line;
        }),
      );
      // What is newest is at the bottom of a small terminal; a large one is filled from its top.
      const room = terminal.clientHeight - 56;
      while (lines.children.length > 1 && lines.scrollHeight > room) lines.firstChild.remove();
      svg.style.left = `${pointer.x}px`;
      svg.style.top = `${pointer.y}px`;
    },
    click(x, y) {
      ring.style.left = `${x}px`;
      ring.style.top = `${y}px`;
      ring.classList.remove("on");
      void ring.offsetWidth;
      ring.classList.add("on");
    },
  };
  const attach = () => document.documentElement.append(host);
  if (document.documentElement) attach();
  else document.addEventListener("DOMContentLoaded", attach);
}

export class Stage {
  #page;
  #environment;
  #state = { shown: false, place: "", written: [], pointer: { x: -40, y: -40 } };
  #children = new Set();

  constructor(page, environment) {
    this.#page = page;
    this.#environment = environment;
  }

  async prepare() {
    await this.#page.addInitScript(layer);
    this.#page.on("domcontentloaded", () => void this.#draw());
  }

  async #draw() {
    await this.#page.evaluate((state) => globalThis.gapinStage?.draw(state), this.#state).catch(() => {});
  }

  setEnvironment(more) {
    Object.assign(this.#environment, more);
  }

  /** `full`, `left` or nothing: in the corner on the right. */
  async terminal(shown, place = "") {
    this.#state = { ...this.#state, shown, place };
    await this.#draw();
    await pause(350);
  }

  async clear() {
    this.#state.written = [];
    await this.#draw();
  }

  async say(text, kind = "") {
    this.#state.written = [...this.#state.written, { text, kind }].slice(-LINES_MAX);
    await this.#draw();
  }

  /** As a person types it. */
  async type(text) {
    const before = this.#state.written;
    for (let end = 0; end <= text.length; end += 2) {
      this.#state.written = [...before, { text: text.slice(0, end), kind: "command typing" }];
      await this.#draw();
      await pause(34);
    }
    this.#state.written = [...before, { text, kind: "command" }];
    await this.#draw();
    await pause(250);
  }

  /**
   * Types a command, runs it in bash and shows what it says, line by line. `wait: false` goes on while it runs. What is
   * typed and what runs are the same, but for `as`: a long command that was pasted, shown by its beginning.
   */
  async run(command, { wait = true, as = command, kindOf = () => "" } = {}) {
    await this.type(as);
    const child = spawn("bash", ["-c", command], {
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    const said = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        void this.say(line, kindOf(line));
      });
    }
    const ended = new Promise((resolve) => child.on("close", (code) => resolve(code)));
    ended.then(() => this.#children.delete(child));
    if (wait) await ended;
    return { child, said, ended };
  }

  async moveTo(locator) {
    await locator.scrollIntoViewIfNeeded();
    const box = await locator.boundingBox();
    if (box === null) throw new Error("nothing to point at");
    const pointer = { x: box.x + Math.min(box.width / 2, 160), y: box.y + box.height / 2 };
    this.#state.pointer = pointer;
    await this.#draw();
    await pause(650);
    return pointer;
  }

  async click(locator) {
    const { x, y } = await this.moveTo(locator);
    await this.#page.evaluate(([left, top]) => globalThis.gapinStage?.click(left, top), [x, y]);
    await locator.click();
    await pause(350);
  }

  async fill(locator, text) {
    await this.click(locator);
    await locator.pressSequentially(text, { delay: 45 });
  }

  end() {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}
