/** What is known around a call, carried through everything that it awaits, and into every event that is recorded there. */

import { AsyncLocalStorage } from "node:async_hooks";

import { merged } from "../event/compose.js";
import type { Metadata } from "../event/types.js";
import { metadataOf } from "../recorder/kinds.js";
import { currentSpan } from "./opentelemetry.js";

// One for both forms of the package, where a program has loaded it twice.
const KEY = Symbol.for("gapin.context");
const shared = globalThis as { [KEY]?: AsyncLocalStorage<Metadata> };
shared[KEY] ??= new AsyncLocalStorage<Metadata>();
const storage = shared[KEY];

/** Runs a function in which events get this metadata, on top of what was known around it. */
export function withContext<T>(metadata: Metadata, run: () => T): T {
  return storage.run(under(metadata), run);
}

/** The same for the rest of the current asynchronous call, where there is no function to wrap: in a middleware, say. */
export function enterContext(metadata: Metadata): void {
  storage.enterWith(under(metadata));
}

/** What is known here: of the context, and of OpenTelemetry's current span. */
export function currentMetadata(): Metadata | undefined {
  const known = storage.getStore();
  const span = currentSpan();
  if (span === undefined) return known;
  return known === undefined ? span : merged(span, known);
}

function under(metadata: Metadata): Metadata {
  const outer = storage.getStore();
  const inner = metadataOf(metadata);
  return outer === undefined ? inner : merged(outer, inner);
}
