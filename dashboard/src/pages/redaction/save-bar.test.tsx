import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, type Schemas } from "@/api";
import { SaveBar } from "./save-bar";
import { type Editing, useDraft } from "./use-draft";
import { words } from "./words";

// As long as it takes on a machine that has much else to do.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const saved: Schemas["Redaction"] = { modes: {}, rules: [], redaction_rules: "2", version: 3 };
let theirs: Schemas["Redaction"] = saved;
let put: Schemas["RedactionSettings"][] = [];

beforeEach(() => {
  theirs = saved;
  put = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "PUT") put.push((await request.json()) as Schemas["RedactionSettings"]);
    return new Response(JSON.stringify(theirs), { headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

/** The bar, with buttons that change the draft. */
function Edited({ change }: { change: Parameters<Editing["edit"]>[0] }) {
  const editing = useDraft(saved);
  return (
    <>
      <button type="button" onClick={() => editing.edit(change)}>
        change
      </button>
      <SaveBar editing={editing} onRefused={() => {}} />
    </>
  );
}

const modes = (of: Schemas["RedactionModes"]) =>
  ({
    email: "mask",
    phone: "mask",
    ssn: "mask",
    ip_address: "off",
    credit_card: "mask",
    iban: "mask",
    secret: "mask",
    password: "mask",
    ...of,
  }) as const;

async function changed(change: Parameters<Editing["edit"]>[0]) {
  render(
    <QueryClientProvider client={queryClient}>
      <Edited change={change} />
    </QueryClientProvider>,
  );
  expect(screen.queryByRole("button", { name: words.save })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "change" }));
}

const save = () => userEvent.click(screen.getByRole("button", { name: words.save }));

it("is there while something is not saved, and gone when it is discarded", async () => {
  await changed({ modes: modes({ email: "pseudonym" }) });
  expect(screen.getByText("1 unsaved change")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: words.discard }));
  expect(screen.queryByText("1 unsaved change")).toBeNull();
  expect(put).toEqual([]);
});

it("saves at once what hides no less", async () => {
  await changed({ modes: modes({ email: "pseudonym" }) });
  await save();
  await waitFor(() => expect(put).toEqual([{ modes: modes({ email: "pseudonym" }), rules: [] }]));
  await waitFor(() => expect(screen.queryByText("1 unsaved change")).toBeNull());
});

it("asks before less is hidden", async () => {
  await changed({ modes: modes({ email: "off" }) });
  await save();
  expect(await screen.findByText(words.weakensTitle)).toBeVisible();
  expect(put).toEqual([]);
  await userEvent.click(screen.getAllByRole("button", { name: words.weakensAction }).at(-1) as HTMLElement);
  await waitFor(() => expect(put).toHaveLength(1));
});

it("replaces nothing that somebody else saved meanwhile, until it is told to", async () => {
  theirs = { ...saved, version: 4, modes: { phone: "off" }, updated_by: "bob@example.com" };
  await changed({ modes: modes({ email: "pseudonym" }) });
  await save();
  expect(await screen.findByText(words.conflictTitle)).toBeVisible();
  expect(screen.getByText("Telephone numbers: Mask → Off")).toBeVisible();
  expect(put).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: words.saveMine }));
  await waitFor(() => expect(put).toHaveLength(1));
});
