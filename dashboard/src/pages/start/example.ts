/** The event that a new organisation sends first, signed here in the page: the secret goes nowhere else. */

export interface Keys {
  apiKey: string;
  keyId: string;
  secret: string;
}

/** RFC 8785 of what has only texts, booleans, numbers and these in arrays and objects: members in order, nothing between. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

/** HMAC-SHA256 in hex. */
export async function sign(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Example {
  sessionId: string;
  text: string;
}

/** A decision that a support agent might make, as its signed text. */
export async function exampleEvent(keys: Keys, aiId: string, sessionId: string, now: Date): Promise<Example> {
  const event = {
    event_type: "ai.decision",
    ai_id: aiId,
    ai_version: "support-agent-1",
    timestamp: now.toISOString(),
    key_id: keys.keyId,
    decision: {
      type: "refund",
      logic: "The order came back within 30 days.",
      options: ["refund", "refuse"],
      chosen: "refund",
      confidence: 0.97,
    },
    metadata: { session_id: sessionId, user_id: "jane@example.com" },
    signature_algorithm: "HMAC-SHA256",
  };
  const signature = await sign(canonical(event), keys.secret);
  return { sessionId, text: canonical({ ...event, signature }) };
}

/** Inside of single quotes for a shell: a quote in it ends them, is said by itself, and begins them again. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export type Language = "curl" | "python" | "typescript" | "rust";

/** What to run, whole, with the keys filled in. */
export function command(language: Language, url: string, keys: Keys, example: Example | undefined): string {
  const set = [`export GAPIN_URL=${url}`, `export GAPIN_API_KEY=${keys.apiKey}`];
  const signing = [`export GAPIN_SIGNING_KEY_ID=${keys.keyId}`, `export GAPIN_SIGNING_SECRET=${keys.secret}`];
  switch (language) {
    case "curl":
      return [
        `curl --fail-with-body -sS ${url}/aibbar/events \\`,
        `  -H 'Authorization: Bearer ${keys.apiKey}' \\`,
        "  -H 'Content-Type: application/json' \\",
        `  --data ${shellQuoted(example?.text ?? "")}`,
      ].join("\n");
    case "python":
      return [...set, ...signing, "pip install gapin", "python3 - <<'EOF'", PYTHON, "EOF"].join("\n");
    case "typescript":
      return [
        ...set,
        ...signing,
        "npm install @gapin/sdk",
        "node --input-type=module - <<'EOF'",
        TYPESCRIPT,
        "EOF",
      ].join("\n");
    case "rust":
      return [
        ...set,
        ...signing,
        "cargo new first-event && cd first-event && cargo add gapin-sdk",
        "cat > src/main.rs <<'EOF'",
        RUST,
        "EOF",
        "cargo run",
      ].join("\n");
  }
}

const PYTHON = `import gapin

recorder = gapin.Recorder(ai_version="support-agent-1")
with gapin.context(session_id="order-7", user_id="jane@example.com"):
    recorder.decision("refund", "The order came back within 30 days.", ["refund", "refuse"],
                      chosen="refund", confidence=0.97)
recorder.flush()
print(recorder.stats().accepted, "events are kept")`;

const TYPESCRIPT = `import { Recorder, withContext } from "@gapin/sdk";

const recorder = new Recorder({ aiVersion: "support-agent-1" });
await withContext({ session_id: "order-7", user_id: "jane@example.com" }, async () => {
  recorder.decision({ type: "refund", logic: "The order came back within 30 days.",
                      options: ["refund", "refuse"], chosen: "refund", confidence: 0.97 });
});
await recorder.close();
console.log(recorder.stats());`;

const RUST = `use std::time::Duration;

use gapin_sdk::{Error, Recorder, Settings, context};

fn main() -> Result<(), Error> {
    let recorder = Recorder::new(Settings::new().ai_version("support-agent-1"))?;
    context::new().session_id("order-7").user_id("jane@example.com").scope(|| {
        recorder
            .decision("refund", "The order came back within 30 days.")
            .options(["refund", "refuse"])
            .chosen("refund")
            .confidence(0.97)
            .record();
    });
    recorder.flush_blocking(Duration::from_secs(5));
    println!("{} events are kept", recorder.stats().accepted);
    Ok(())
}`;
