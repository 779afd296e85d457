import { Recorder } from "./recorder.js";

const KEY = Symbol.for("gapin.recorder");
const shared = globalThis as { [KEY]?: Recorder };

/** The recorder of whoever names none: made of the environment, once in a process. */
export function sharedRecorder(): Recorder {
  shared[KEY] ??= new Recorder();
  return shared[KEY];
}
