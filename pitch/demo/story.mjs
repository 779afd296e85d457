/**
 * The film, scene by scene: DEMO_SCRIPT.md tells the same to a person who shows it by hand. A scene says its caption and for how
 * many seconds it stands at least; what is done meanwhile is done for real.
 */
import { setTimeout as pause } from "node:timers/promises";
import { card } from "./cards.mjs";

const OWNER = "owner@localhost";
const PASSWORD = "a quiet harbour at noon";
const AGENT_RUNS = 2_000; // more than the film has time for: the agent is ended once it was watched

export async function tell({ page, stage, camera, caption, gateway, show }) {
  const main = page.getByRole("main");
  const sidebar = (name) => page.getByRole("link", { name, exact: true }).first();
  const rows = page.getByRole("grid").getByRole("row");

  await show(
    card("The flight recorder for AI systems", "What did our AI do, on whose orders, and can you prove it?"),
  );
  await caption(
    "This is GAPIN. All that you see is the product itself, driven by a script; only the customers are invented.",
    9,
  );
  await caption.end();

  // One program.
  await show(card(""));
  await stage.terminal(true, "full");
  await caption(
    "One program holds it all: gateway, log, store, live stream and dashboard. It makes an organisation and keys.",
    12,
  );
  const first = await gateway.start(stage);
  await caption("The first owner's one-time password is shown this once.", 6);
  await caption.end();

  // A person signs in.
  await camera.without(async () => {
    await stage.terminal(false);
    await page.goto(`${gateway.url}/login`);
    await page.getByLabel("E-mail").waitFor();
  });
  await caption("A person signs in: with a password, or with Google or GitHub where that is set up.", 10);
  await stage.fill(page.getByLabel("E-mail"), OWNER);
  await stage.fill(page.getByLabel("Password", { exact: true }), gateway.oneTimePassword(first.said));
  await stage.click(page.getByRole("button", { name: "Sign in", exact: true }));
  await camera.without(async () => {
    await page.waitForURL((url) => url.pathname !== "/login", { timeout: 120_000 });
    await gateway.settle(page, gateway.oneTimePassword(first.said), PASSWORD);
    await gateway.register("Travel agent");
    await page.goto(`${gateway.url}/start`);
    await page.getByRole("button", { name: "Make the keys" }).waitFor({ timeout: 120_000 });
  });

  // Create a key, publish.
  await caption(
    "Create a key. The API key lets a program send; the signing key proves that an event is its own. Shown once.",
    13,
  );
  await pause(1_500);
  await stage.click(page.getByRole("button", { name: "Make the keys" }));
  const command = page.locator("pre").filter({ hasText: "curl" });
  await command.waitFor({ timeout: 60_000 });
  await pause(1_500);
  await stage.moveTo(command);
  await caption(
    "Publish a first event: signed, sent with nothing but curl. “Accepted” means that it is on disk.",
    13,
  );
  const pasted = (await command.textContent()) ?? "";
  await stage.clear();
  await stage.terminal(true);
  await stage.run(pasted, { as: `${pasted.replace(/\s+/g, " ").slice(0, 150)} …`, kindOf: () => "good" });
  await main.getByText("It is here: signed, checked, and on disk.").waitFor({ timeout: 60_000 });
  await pause(2_000);
  await stage.terminal(false);
  await stage.moveTo(main.getByText("It is here: signed, checked, and on disk."));

  // What an event says.
  await caption(
    "The event as a person reads it: what the AI chose, among what, how sure it was, and why.",
    11,
  );
  await stage.click(page.getByRole("link", { name: "Look at it", exact: true }));
  await page.getByRole("tab", { name: "Story" }).waitFor({ timeout: 60_000 });
  await caption(
    "To the byte as it was kept, and with its signature: verified before anything was acknowledged.",
    12,
  );
  await stage.click(page.getByRole("tab", { name: "JSON" }));
  await pause(3_000);
  await stage.click(page.getByRole("tab", { name: "Signature" }));

  // An AI system at work.
  await caption(
    "Now an AI system at work: a travel agent that answers customers. Each step is signed, sent, and waited for.",
    13,
  );
  await stage.click(sidebar("Live events"));
  await stage.clear();
  await stage.terminal(true);
  const agent = await stage.run(`exec python agent.py ${AGENT_RUNS} .`, {
    as: `python agent.py ${AGENT_RUNS} .`,
    wait: false,
    kindOf: (line) => (line.startsWith(" ") ? "bad" : "note"),
  });
  await rows.nth(3).waitFor({ timeout: 60_000 });
  await caption("The live view: each event is here as soon as it is acknowledged.", 10);
  await pause(2_500);
  await stage.terminal(false);

  // What is hidden.
  await caption(
    "The agent sent a card number. It was hidden before anything left the gateway: not in the log, the store or this page.",
    14,
  );
  await stage.click(page.getByRole("button", { name: "Pause", exact: true }));
  await stage.click(rows.filter({ hasText: "search_offers" }).first());
  await page
    .getByRole("complementary")
    .last()
    .getByText("search_offers")
    .first()
    .waitFor({ timeout: 60_000 });
  await pause(3_500);
  await stage.click(page.getByRole("complementary").last().getByRole("tab", { name: "JSON" }));

  // Ask.
  await caption(
    "Ask: by type, system, session, time, or any word. The page's address is the question, so it can be sent on.",
    12,
  );
  await page.keyboard.press("Escape");
  await stage.click(page.getByRole("button", { name: "Resume", exact: true }));
  await stage.click(page.getByRole("combobox", { name: "Type" }));
  await stage.click(page.getByRole("option", { name: "Decision" }));
  await pause(1_500);
  await stage.fill(page.getByRole("searchbox", { name: "Search in events" }), "Am Ring");
  await pause(2_500);

  // One run.
  await caption(
    "A session: one run of the agent, from the question to the answer, with its times, tokens and estimated cost.",
    13,
  );
  await stage.click(sidebar("Sessions"));
  const session = page.getByRole("link", { name: /trip-/ }).first();
  await session.waitFor({ timeout: 60_000 });
  await stage.click(session);
  await page.getByRole("grid", { name: "Events in order" }).waitFor({ timeout: 60_000 });
  await pause(1_500);
  await stage.click(page.getByRole("grid", { name: "Events in order" }).getByRole("row").nth(1));
  await pause(3_000);

  // kill -9.
  await caption(
    "Now the worst, while the agent is at work: kill -9. No warning, nothing is written out, no goodbye.",
    11,
  );
  await page.keyboard.press("Escape");
  await stage.click(sidebar("Live events"));
  await rows.nth(3).waitFor({ timeout: 60_000 });
  await stage.terminal(true);
  await pause(1_500);
  await stage.run(`kill -9 ${first.child.pid}`);
  await first.ended;
  await caption(
    "The page says so. The agent has no answer, so it knows that its event was not kept, and sends the same bytes again.",
    13,
  );
  await main.getByText("Reconnecting").first().waitFor({ timeout: 60_000 });
  await stage.moveTo(main.getByText("Reconnecting").first());
  await pause(3_000);
  await caption(
    "Started again on the same disk. The agent goes on; the live view goes on where it was, without a gap.",
    14,
  );
  await gateway.start(stage);
  await main.getByText("Reconnecting").first().waitFor({ state: "hidden", timeout: 120_000 });
  await pause(5_000);

  // Nothing is lost.
  await caption(
    "The agent is told to stop, and we count: what was acknowledged, against what is in the store.",
    9,
  );
  agent.child.kill("SIGTERM");
  await agent.ended;
  await stage.clear();
  const counted = await stage.run("python count.py .", { kindOf: () => "good" });
  if ((await counted.ended) !== 0) throw new Error(`events were lost:\n${counted.said.join("\n")}`);
  await caption(
    "Every event that was acknowledged is there, once. That is the promise, and the tests kill far more than this.",
    13,
  );
  await stage.moveTo(main.getByRole("grid"));

  // Proof.
  await caption("Proof: the sender's own copy of an event verifies under its key …", 9);
  await stage.clear();
  const good = await stage.run("grep ai.decision sent.ndjson | tail -n 1 | gapin verify", {
    kindOf: () => "good",
  });
  await caption("… and with one word changed, it does not.", 9);
  const bad = await stage.run(
    "grep ai.decision sent.ndjson | tail -n 1 | sed 's/free to cancel/paid/' | gapin verify",
    {
      kindOf: () => "bad",
    },
  );
  if ((await good.ended) !== 0 || (await bad.ended) === 0)
    throw new Error("verifying did not tell true from false");

  // What it all comes to.
  await caption(
    "The metrics: how much comes, how long until it is acknowledged, what was refused, how far the store is behind.",
    14,
  );
  await stage.terminal(false);
  await stage.click(sidebar("Metrics"));
  await page.getByRole("slider", { name: "Throughput" }).waitFor({ timeout: 60_000 });
  await pause(4_000);
  await stage.moveTo(page.getByRole("slider", { name: "Throughput" }));
  await pause(2_500);
  await page.mouse.move(760, 400);
  await page.mouse.wheel(0, 420);
  await caption(
    "And who did what: each key that was made, each change of rights or rules, in a trail that is only ever added to.",
    12,
  );
  await stage.click(sidebar("Audit trail"));
  await page.getByRole("heading", { level: 1, name: /Audit/ }).waitFor({ timeout: 60_000 });
  await caption.end();

  await show(card("Ask it what your AI did", "make run"));
  await caption("GAPIN, the flight recorder for AI systems. Start it on your own machine: make run.", 9);
  await caption.end();
}
