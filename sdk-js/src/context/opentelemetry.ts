/**
 * The current span of OpenTelemetry, where a program uses it.
 *
 * `@opentelemetry/api` keeps its one instance under a global symbol, made for all of its copies in a process to find it.
 * It is found there rather than imported: the SDK has no dependency, and a program without OpenTelemetry pays one look.
 */

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

interface Api {
  readonly context?: { active(): { getValue(key: symbol): { spanContext?(): SpanContext } | undefined } };
}

const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
const TRACE_ID_INVALID = "0".repeat(32);

export function currentSpan(): { trace_id: string; span_id: string } | undefined {
  const api = (globalThis as { [API]?: Api })[API];
  if (api?.context === undefined) return undefined;
  try {
    const span = api.context.active().getValue(SPAN)?.spanContext?.();
    if (span === undefined || span.traceId === TRACE_ID_INVALID) return undefined;
    return { trace_id: span.traceId, span_id: span.spanId };
  } catch {
    return undefined;
  }
}
