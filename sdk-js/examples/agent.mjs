// A small agent with a tool: each turn is a query, a tool call and a response of one session. Needs no model.
import { Recorder, withContext, wrap } from "@gapin/sdk";

await using(new Recorder({ aiVersion: "agent-1" }), async (recorder) => {
  const getWeather = wrap(recorder, async (city) => ({ city, celsius: city.length * 2 }), {
    name: "get_weather",
    model: "agent-1",
  });

  for (const city of ["Tokyo", "Berlin", "Reykjavík"]) {
    await withContext({ session_id: "weather-demo", request_id: crypto.randomUUID() }, async () => {
      recorder.query({ prompt: `What is the weather in ${city}?` });
      const { celsius } = await getWeather(city);
      recorder.response({ output: `${celsius} °C in ${city}.`, model: "agent-1", finish_reason: "stop" });
    });
  }
});

/** What `await using recorder = …` does, for versions of Node that do not know it yet. */
async function using(recorder, run) {
  try {
    await run(recorder);
  } finally {
    await recorder.close();
    console.log(recorder.stats());
  }
}
