/** Puts something around a method of one object; others of its class stay as they are. */

const PATCHED = Symbol.for("gapin.patched");

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Does nothing where there is no such method, or where it was done before. */
export function around(
  object: unknown,
  name: string,
  wrapper: (call: (...args: unknown[]) => unknown, args: unknown[]) => unknown,
): void {
  const target = object as Record<string, Method | undefined> | undefined;
  const original = target?.[name];
  if (target === undefined || typeof original !== "function" || PATCHED in original) return;
  function patched(this: unknown, ...args: unknown[]): unknown {
    return wrapper((...given) => original?.apply(this, given), args);
  }
  Object.defineProperty(patched, PATCHED, { value: true });
  Object.defineProperty(patched, "name", { value: original.name, configurable: true });
  target[name] = patched;
}
