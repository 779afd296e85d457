/** Films a page: each change of what it shows, as a picture with its time, by the browser's own screencast. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const FRAMES_PER_SECOND_MAX = 20;

export class Camera {
  /** `{ path, at }`, in order; `at` in seconds of the day's clock. */
  frames = [];
  /** Pieces of time that are left out: `{ from, to }`. */
  left = [];
  #folder;
  #session;
  #isOver = false;
  #isResting = false;
  #newest;

  constructor(folder) {
    this.#folder = folder;
  }

  async start(page, width, height) {
    this.#session = await page.context().newCDPSession(page);
    this.#session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
      void this.#session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
      this.#newest = { data, at: metadata.timestamp ?? Date.now() / 1000 };
      this.#keep();
    });
    const format = { format: "jpeg", quality: 92, maxWidth: width, maxHeight: height };
    await this.#session.send("Page.startScreencast", { ...format, everyNthFrame: 1 });
  }

  /** Not more than so many a second, and always the last: what stands still after it is seen for long. */
  #keep() {
    if (this.#isOver || this.#isResting || this.#newest === undefined) return;
    const { data, at } = this.#newest;
    this.#newest = undefined;
    const path = join(this.#folder, `${String(this.frames.length).padStart(6, "0")}.jpg`);
    this.frames.push({ path, at });
    writeFileSync(path, Buffer.from(data, "base64"));
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
      this.#keep();
    }, 1000 / FRAMES_PER_SECOND_MAX);
  }

  /** Nothing of this is shown: what is prepared off stage, and what a slow machine makes one wait for. */
  async without(work) {
    const from = Date.now() / 1000;
    const result = await work();
    this.left.push({ from, to: Date.now() / 1000 });
    return result;
  }

  async stop() {
    this.#isOver = true;
    await this.#session.send("Page.stopScreencast").catch(() => {});
  }
}
