/** Makes the film of its pictures and captions, and the captions' file. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { strips } from "./cards.mjs";

export const WIDTH = 1920;
export const HEIGHT = 1080;
export const STRIP = 120;
const FRAMES_PER_SECOND = 25;

/**
 * The film's time of each moment: without what is left out, and with each scene as long as it was planned. Where the machine
 * was slow, a scene took longer and is played faster; none is played slower.
 */
export function filmClock(captions, begun, left, ended) {
  const real = (at) => {
    const gone = left.map(({ from, to }) => Math.max(0, Math.min(at, to) - from));
    return Math.max(0, at - begun - gone.reduce((sum, one) => sum + one, 0));
  };
  let shown = 0;
  const scenes = captions.map(({ at, seconds }, index) => {
    const from = index === 0 ? 0 : real(at);
    const took = real(captions[index + 1]?.at ?? ended) - from;
    const scene = { from, shown, faster: took > seconds ? seconds / took : 1 };
    shown += took * scene.faster;
    return scene;
  });
  return (moment) => {
    const at = real(moment);
    const scene = scenes.findLast(({ from }) => from <= at) ?? scenes[0];
    return scene.shown + (at - scene.from) * scene.faster;
  };
}

/** Pictures with how long each stands: of those in a piece that is left out, the last is what is seen after it. */
export function timeline(frames, clock, ended) {
  const timed = frames.map(({ path, at }) => ({ path, at: clock(at) }));
  const until = clock(ended);
  return timed
    .map(({ path, at }, index) => ({ path, seconds: (timed[index + 1]?.at ?? until) - at }))
    .filter(({ seconds }) => seconds > 0.0005);
}

const list = (parts) =>
  `ffconcat version 1.0\n${[...parts, { ...parts.at(-1), seconds: 0.04 }].map(({ path, seconds }) => `file '${path}'\nduration ${seconds.toFixed(4)}`).join("\n")}\n`;

const stamp = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 23);

const webvtt = (captions) =>
  `WEBVTT\n\n${captions.map(({ text, from, to }, index) => `${index + 1}\n${stamp(from)} --> ${stamp(to)}\n${text}\n`).join("\n")}`;

/** Draws each caption; none may be cut off. */
async function draw(browser, texts, folder) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: STRIP * texts.length } });
  await page.setContent(strips(texts, WIDTH, STRIP));
  await page.evaluate(() => document.fonts.ready);
  const fits = await page
    .locator("div")
    .evaluateAll((all) => all.map((one) => one.scrollHeight <= one.clientHeight));
  const cut = texts.filter((_, index) => !fits[index]);
  if (cut.length > 0) throw new Error(`too long for a caption: ${cut.join(" / ")}`);
  const paths = [];
  for (const [index] of texts.entries()) {
    const path = join(folder, `caption-${index}.png`);
    await page.screenshot({ path, clip: { x: 0, y: index * STRIP, width: WIDTH, height: STRIP } });
    paths.push(path);
  }
  await page.close();
  return paths;
}

export async function cut({ browser, camera, captions, ended, folder, out }) {
  const clock = filmClock(captions, camera.frames[0].at, camera.left, ended);
  const timed = captions.map(({ text, at }, index) => ({
    text,
    from: index === 0 ? 0 : clock(at),
    to: clock(captions[index + 1]?.at ?? ended),
  }));
  const paths = await draw(
    browser,
    timed.map(({ text }) => text),
    folder,
  );
  writeFileSync(join(folder, "pictures.txt"), list(timeline(camera.frames, clock, ended)));
  writeFileSync(
    join(folder, "captions.txt"),
    list(timed.map(({ from, to }, index) => ({ path: paths[index], seconds: to - from }))),
  );
  writeFileSync(`${out}.vtt`, webvtt(timed));
  const scale = (size) => `fps=${FRAMES_PER_SECOND},scale=${size}:flags=lanczos,setsar=1,format=yuv420p`;
  const pictures = `[0:v]${scale(`${WIDTH}:${HEIGHT - STRIP}`)}[picture]`;
  const filter = `${pictures};[1:v]${scale(`${WIDTH}:${STRIP}`)}[caption];[picture][caption]vstack=inputs=2:shortest=1[film]`;
  const inputs = ["pictures", "captions"].flatMap((name) => [
    "-f",
    "concat",
    "-safe",
    "0",
    "-i",
    join(folder, `${name}.txt`),
  ]);
  const coding = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-movflags", "+faststart"];
  execFileSync(
    "ffmpeg",
    ["-v", "error", "-y", ...inputs, "-filter_complex", filter, "-map", "[film]", ...coding, `${out}.mp4`],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return timed.at(-1).to;
}
