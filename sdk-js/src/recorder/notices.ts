/** What a recorder tells of its faults: to callbacks, which may do what they like, and in few lines of a log. */

/** A kind of fault is said at most once in this time. */
export const SAID_AGAIN_AFTER_MS = 60_000;

export class Notices {
  private readonly saidAtMs = new Map<string, number>();

  /** `onFault` is told of what is not ours and threw. */
  constructor(
    private readonly log: (line: string) => void,
    private readonly onFault: (kind: string) => void,
  ) {}

  /** One line a minute of each kind. Never with a secret, nor with what an event says. */
  say(kind: string, line: string): void {
    const now = performance.now();
    const said = this.saidAtMs.get(kind);
    if (said !== undefined && now - said < SAID_AGAIN_AFTER_MS) return;
    this.saidAtMs.set(kind, now);
    this.call(() => this.log(`gapin: ${line}`), false);
  }

  /** It works again: the next fault of this kind is news. */
  mended(kind: string): void {
    this.saidAtMs.delete(kind);
  }

  /** Runs what is not ours. */
  call(callback: () => unknown, tells = true): void {
    const told = (error: unknown): void => {
      if (!tells) return;
      this.onFault(error instanceof Error ? error.name : "callback");
      this.say("callback", "a callback of the recorder threw");
    };
    try {
      const result = callback();
      if (result instanceof Promise) result.catch(told);
    } catch (error) {
      told(error);
    }
  }
}
