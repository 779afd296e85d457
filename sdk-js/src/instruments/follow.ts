/**
 * Follows what a provider's client gives to its caller, without the caller noticing.
 *
 * The clients of OpenAI and Anthropic give a promise that does nothing before somebody asks for its result: then it reads
 * the response's body, or leaves that to whoever asks for the raw response. So nobody here asks. What makes the
 * result of the response is replaced by something that does the same and looks at the result on its way.
 */

import { quietly } from "./call.js";

/** Looks at what passes. */
export interface Follower {
  /** The result, when it is whole. */
  result(value: unknown): void;
  /** A piece of a streamed result. */
  piece(value: unknown): void;
  /** No more pieces come: the stream has ended, or (then it is not whole) its reader has left it. */
  end(isWhole: boolean): void;
  failed(error: unknown): void;
}

interface LazyPromise extends PromiseLike<unknown> {
  parse?: () => Promise<unknown>;
  parseResponse?: (...args: unknown[]) => Promise<unknown>;
  _thenUnwrap?: (...args: unknown[]) => unknown;
}

/** The same promise (a plain one: another with the same outcome), whose outcome is looked at. */
export function follow(returned: unknown, follower: Follower): unknown {
  const promise = returned as LazyPromise;
  if (typeof promise?.parseResponse === "function" && typeof promise.parse === "function") {
    followLazy(promise, follower);
    return promise;
  }
  if (!(returned instanceof Promise)) return returned;
  return returned.then(
    (value: unknown) => seen(value, follower),
    (error: unknown) => {
      quietly(() => follower.failed(error));
      throw error;
    },
  );
}

function followLazy(promise: LazyPromise, follower: Follower): void {
  const parseResponse = promise.parseResponse?.bind(promise);
  promise.parseResponse = async (...args) => seen(await parseResponse?.(...args), follower);
  followFailure(promise, follower);
  const thenUnwrap = promise._thenUnwrap?.bind(promise);
  if (thenUnwrap === undefined) return;
  promise._thenUnwrap = (...args) => {
    const other = thenUnwrap(...args);
    followFailure(other as LazyPromise, follower);
    return other;
  };
}

/** A request that fails has nothing to parse: it is noticed once somebody asks for the result. */
function followFailure(promise: LazyPromise, follower: Follower): void {
  const parse = promise.parse?.bind(promise);
  if (parse === undefined) return;
  let isFollowed = false;
  promise.parse = () => {
    const parsed = parse();
    if (!isFollowed) {
      isFollowed = true;
      parsed.then(undefined, (error: unknown) => quietly(() => follower.failed(error)));
    }
    return parsed;
  };
}

/** The value as it is; a stream is looked at piece by piece. */
function seen(value: unknown, follower: Follower): unknown {
  const stream = value as { iterator?: () => AsyncIterator<unknown> } | null;
  if (stream !== null && typeof stream === "object" && Symbol.asyncIterator in stream) {
    quietly(() => {
      const { iterator } = stream;
      if (typeof iterator === "function") stream.iterator = () => followed(iterator.call(stream), follower);
    });
  } else {
    quietly(() => follower.result(value));
  }
  return value;
}

/** An iterator that gives what the other gives. */
export function followed<T>(iterator: AsyncIterator<T>, follower: Follower): AsyncIterableIterator<T> {
  const step = async (next: Promise<IteratorResult<T>>, isWhole: boolean): Promise<IteratorResult<T>> => {
    let result: IteratorResult<T>;
    try {
      result = await next;
    } catch (error) {
      quietly(() => follower.failed(error));
      throw error;
    }
    quietly(() => (result.done === true ? follower.end(isWhole) : follower.piece(result.value)));
    return result;
  };
  return {
    next: (...args) => step(iterator.next(...args), true),
    return: (value) => step(iterator.return?.(value) ?? Promise.resolve({ done: true, value: undefined }), false),
    throw: (error) => step(iterator.throw?.(error) ?? Promise.reject(error as Error), false),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
