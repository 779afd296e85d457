import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, type Schemas } from "@/api";
import { PreviewCard } from "./preview-card";
import { words } from "./words";

// As long as it takes on a machine that has much else to do.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

let asked: Schemas["RedactionSample"][] = [];

function gatewayAnswers(status: number, body: unknown) {
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push((await request.json()) as Schemas["RedactionSample"]);
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
}

function shown(settings?: Schemas["RedactionSettings"]) {
  render(
    <QueryClientProvider client={queryClient}>
      <PreviewCard settings={settings} />
    </QueryClientProvider>,
  );
}

const preview: Schemas["RedactionPreview"] = {
  redacted: "Write to [REDACTED:email]",
  findings: [
    {
      pointer: "",
      in_key: false,
      kind: "email",
      mode: "mask",
      why: "a name, `@`, and a host with a top-level label",
      start: 9,
      end: 25,
    },
  ],
  is_more: false,
  redaction_rules: "2+org.7",
};

beforeEach(() => {
  asked = [];
  queryClient.clear();
});
afterEach(() => vi.unstubAllGlobals());

it("asks for what was pasted, marks what is hidden and says why", async () => {
  gatewayAnswers(200, preview);
  shown();
  expect(screen.getByText(words.resultEmpty)).toBeVisible();
  await userEvent.click(screen.getByLabelText(words.sample));
  await userEvent.paste("Write to ann@example.com");
  const mark = await screen.findByText("[REDACTED:email]");
  expect(mark.closest("mark")).toHaveAttribute(
    "title",
    "E-mail addresses: a name, `@`, and a host with a top-level label",
  );
  const findings = within(screen.getByRole("list", { name: words.findingsList }));
  expect(findings.getByText(/in the text/)).toBeVisible();
  expect(screen.getByText("Rules 2+org.7")).toBeVisible();
  expect(asked).toEqual([{ text: "Write to ann@example.com" }]);
});

it("tries the settings as they stand on the page", async () => {
  gatewayAnswers(200, { ...preview, redaction_rules: "2" });
  const settings = { modes: { email: "off" as const }, rules: [] };
  shown(settings);
  await userEvent.click(screen.getByRole("button", { name: words.example }));
  expect(await screen.findByText(/with your unsaved changes/)).toBeVisible();
  expect(asked.at(-1)).toMatchObject({ settings });
});

it("says what is wrong with JSON, and asks nothing", async () => {
  gatewayAnswers(200, preview);
  shown();
  await userEvent.click(screen.getByLabelText(words.sampleKinds.value));
  await userEvent.click(screen.getByLabelText(words.sample));
  await userEvent.paste("{");
  expect(await screen.findByText(/This is no JSON yet/)).toBeVisible();
  expect(asked).toEqual([]);
});

it("tells which rule can't be tried", async () => {
  const errors = [{ pointer: "/settings/rules/0/pattern", code: "pattern", detail: "can match 0 bytes" }];
  gatewayAnswers(400, {
    code: "invalid_body",
    title: "No",
    status: 400,
    detail: "The settings can't be tried.",
    errors,
  });
  shown({ rules: [{ name: "a", pattern: "x*" }] });
  await userEvent.click(screen.getByRole("button", { name: words.example }));
  expect(await screen.findByText(words.settingsWrong)).toBeVisible();
  expect(screen.getByText("/settings/rules/0/pattern can match 0 bytes")).toBeVisible();
});
