/** Keeping the session: its access lasts minutes, and is renewed before that or when a request finds it gone. */
import { csrfToken } from "./cookies";

/** So long before its end the access is renewed. */
const AHEAD_S = 60;

let running: Promise<boolean> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const ended = new Set<() => void>();
const begunAgain = new Set<() => void>();

/** Renews the session's access: one request, however many wait for it. False: the session is over. */
export function refreshSession(): Promise<boolean> {
  running ??= refreshOnce().finally(() => {
    running = undefined;
  });
  return running;
}

async function refreshOnce(): Promise<boolean> {
  const token = csrfToken();
  if (token === undefined) return over();
  const headers = { "X-CSRF-Token": token, "Content-Type": "application/json" };
  const answer = await fetch("/auth/refresh", { method: "POST", headers, body: "{}" }).catch(() => undefined);
  // A body that nobody reads keeps its request open.
  if (answer?.ok === false) await answer.body?.cancel();
  // No answer says nothing of the session.
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return false;
  if (!answer.ok) return over();
  const { expires_in } = (await answer.json()) as { expires_in: number };
  renewBefore(expires_in);
  return true;
}

function over(): false {
  for (const tell of ended) tell();
  return false;
}

/** Renews the access shortly before it ends, as a sign-in told. */
export function renewBefore(expiresInS: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void refreshSession(), Math.max(expiresInS - AHEAD_S, 5) * 1000);
}

/** Nothing is renewed any more: the person signed out. */
export function stopRenewing(): void {
  clearTimeout(timer);
}

/** Calls back when the session is over; answers how to stop that. */
export function onSessionEnd(tell: () => void): () => void {
  ended.add(tell);
  return () => void ended.delete(tell);
}

/** Somebody signed in over the page whose session had ended: what stopped with it goes on. */
export function beginSessionAgain(): void {
  for (const tell of begunAgain) tell();
}

/** Calls back when a session began again; answers how to stop that. */
export function onSessionBegunAgain(tell: () => void): () => void {
  begunAgain.add(tell);
  return () => void begunAgain.delete(tell);
}
