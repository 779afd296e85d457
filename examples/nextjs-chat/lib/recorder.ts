import { ConfigurationError, Recorder } from "@gapin/sdk";

const shared = globalThis as { chatRecorder?: Recorder };

/** One in a process, however often Next.js loads this module. Made when it is first needed: a build has no settings. */
export function recorder(): Recorder {
  shared.chatRecorder ??= new Recorder({ aiVersion: "nextjs-chat-1" });
  return shared.chatRecorder;
}

/** What whoever runs the app is told, and whoever uses it is not. */
export function sayWhatIsMissing(error: unknown): void {
  const isUnset = error instanceof ConfigurationError;
  console.error(error instanceof Error ? error.message : error);
  if (isUnset) console.error("Take a gateway's settings: set -a; source .gapin/dev.env; set +a");
}
