// Watches errors as they are acknowledged, and says whether each is what its AI system signed.
import { Client, Recorder, verify } from "@gapin/sdk";

const errors = new Client().stream(
  { event_type: "ai.error" },
  { cursor: "earliest", onGap: ({ missed }) => console.log(`too slow for ${missed}`) },
);

const recorder = new Recorder({ aiVersion: "agent-1" });
recorder.error(new Error("no seats left"), { recoverable: true, metadata: { session_id: "watch-demo" } });

for await (const { event } of errors) {
  console.log(
    event.timestamp,
    event.error.code,
    event.error.message,
    await verify(event, process.env.GAPIN_SIGNING_SECRET),
  );
  if (event.metadata.session_id === "watch-demo") break;
}
await recorder.close();
