/** A function that records its own calls. */

import type { EventHead } from "./event/types.js";
import { quietly } from "./instruments/call.js";
import { snapshot } from "./json/safe.js";
import type { Recorder } from "./recorder/recorder.js";

/** What is recorded of the calls. */
export interface WrapOptions {
  /** The function's own name, unless another is given. */
  name?: string | undefined;
  /** What it runs on. */
  model?: string | undefined;
  /** Whether arguments and result are recorded: they are. */
  input?: boolean | undefined;
  output?: boolean | undefined;
  /** What events say beside. */
  head?: EventHead | undefined;
}

/** Items of a generator that are recorded; it may have no end. */
const YIELDED_MAX = 1_000;

/**
 * The same function, whose calls are recorded: arguments, result, latency, and what it throws. Promises are awaited, and
 * generators (synchronous and asynchronous) recorded once they end. Result and exception reach the caller unchanged.
 *
 * @typeParam F - What is wrapped, and what is given back.
 */
export function wrap<F extends (...args: never[]) => unknown>(
  recorder: Recorder,
  run: F,
  options: WrapOptions = {},
): F {
  function wrapped(this: unknown, ...args: never[]): unknown {
    const call = new Call(recorder, options.name ?? (run.name || "anonymous"), args, options);
    let result: unknown;
    try {
      result = run.apply(this, args);
    } catch (error) {
      call.threw(error);
      throw error;
    }
    return call.follow(result);
  }
  // What is read of a function: its name and how many arguments it takes.
  Object.defineProperty(wrapped, "name", { value: run.name, configurable: true });
  Object.defineProperty(wrapped, "length", { value: run.length, configurable: true });
  return wrapped as unknown as F;
}

class Call {
  private readonly startedMs = performance.now();
  private readonly input: unknown;

  constructor(
    private readonly recorder: Recorder,
    private readonly name: string,
    args: readonly unknown[],
    private readonly options: WrapOptions,
  ) {
    this.input = options.input === false ? null : snapshot(args);
  }

  follow(result: unknown): unknown {
    const kind = kindOf(result);
    if (kind === "generator") return followed(result as AnyGenerator, this);
    if (kind === "promise") {
      // What fails unhandled still does: the caller has the end of the chain.
      return (result as Promise<unknown>).then(
        (value: unknown) => {
          this.returned(value);
          return value;
        },
        (error: unknown) => {
          this.threw(error);
          throw error;
        },
      );
    }
    this.returned(result);
    return result;
  }

  returned(output: unknown): void {
    quietly(() => this.recorder.action(this.action(this.options.output === false ? null : output), this.options.head));
  }

  threw(error: unknown): void {
    quietly(() => this.recorder.error(error, { ...this.options.head, action: this.action(null) }));
  }

  private action(output: unknown): Parameters<Recorder["action"]>[0] {
    const latency_ms = Math.round((performance.now() - this.startedMs) * 1000) / 1000;
    const { model } = this.options;
    return { function: this.name, input: this.input, output, latency_ms, ...(model === undefined ? {} : { model }) };
  }
}

type AnyGenerator = Record<"next" | "return" | "throw", (value?: unknown) => unknown>;

/** What a function gave. Its own code may be asked for that, and throw: then it is a value. */
function kindOf(value: unknown): "generator" | "promise" | "value" {
  try {
    const tag = Object.prototype.toString.call(value);
    if (tag === "[object Generator]" || tag === "[object AsyncGenerator]") return "generator";
    return value instanceof Promise ? "promise" : "value";
  } catch {
    return "value";
  }
}

/** A generator that does what the other does, and is recorded when that has ended. */
function followed(generator: AnyGenerator, call: Call): object {
  const yielded: unknown[] = [];
  let more = 0;
  let isOver = false;
  const end = (tell: () => void): void => {
    if (!isOver) tell();
    isOver = true;
  };
  const stepped = (step: unknown): unknown => {
    const { done, value } = step as IteratorResult<unknown>;
    if (done === true) {
      if (more > 0) yielded.push(`…[${more} more]`);
      end(() => call.returned(value === undefined ? yielded : { yielded, returned: value }));
    } else if (yielded.length < YIELDED_MAX) yielded.push(value);
    else more += 1;
    return step;
  };
  const failed = (error: unknown): never => {
    end(() => call.threw(error));
    throw error;
  };
  const through =
    (method: "next" | "return" | "throw") =>
    (value?: unknown): unknown => {
      let step: unknown;
      try {
        step = generator[method](value);
      } catch (error) {
        return failed(error);
      }
      return step instanceof Promise ? step.then(stepped, failed) : stepped(step);
    };
  const own = { next: through("next"), return: through("return"), throw: through("throw") };
  return Object.assign(Object.create(Object.getPrototypeOf(generator)) as object, own);
}
