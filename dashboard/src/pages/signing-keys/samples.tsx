/** How to record something that is signed, in each language. */
import { useState } from "react";
import { Code, Tabs } from "@/ui";
import { words } from "./words";

/** The least that records something, in each language; all of them read the environment. */
const SAMPLES = {
  python: `import gapin

recorder = gapin.Recorder(ai_version="agent-1.4")
recorder.decision("refund", "within 30 days", ["refund", "refuse"],
                  chosen="refund", confidence=0.97)
recorder.flush()`,
  js: `import { Recorder } from "@gapin/sdk";

const recorder = new Recorder({ aiVersion: "agent-1.4" });
recorder.decision({
  type: "refund", logic: "within 30 days",
  options: ["refund", "refuse"], chosen: "refund", confidence: 0.97,
});
await recorder.flush();`,
  rust: `use std::time::Duration;
use gapin_sdk::{Recorder, Settings};

let recorder = Recorder::new(Settings::new().ai_version("agent-1.4"))?;
recorder.decision("refund", "within 30 days")
    .options(["refund", "refuse"]).chosen("refund").confidence(0.97)
    .record();
recorder.flush_blocking(Duration::from_secs(5));`,
  shell: `echo '{"event_type": "ai.query", "ai_version": "agent-1.4",
       "query": {"prompt": "Hello"}}' |
  gapin sign |
  curl --fail-with-body -sS "$GAPIN_URL/aibbar/events" \\
    -H "Authorization: Bearer $GAPIN_API_KEY" \\
    -H 'Content-Type: application/json' --data-binary @-`,
} as const;

const LANGUAGES = [
  { value: "python", label: words.secret.python, language: "py" },
  { value: "js", label: words.secret.js, language: "ts" },
  { value: "rust", label: words.secret.rust, language: "rust" },
  { value: "shell", label: words.secret.shell, language: "sh" },
] as const;

export function Samples() {
  const [chosen, choose] = useState("python");
  return (
    <Tabs
      value={chosen}
      onChange={choose}
      tabs={LANGUAGES.map(({ value, label, language }) => ({
        value,
        label,
        content: (
          <Code language={language} copy maxHeight={176}>
            {SAMPLES[value]}
          </Code>
        ),
      }))}
    />
  );
}
