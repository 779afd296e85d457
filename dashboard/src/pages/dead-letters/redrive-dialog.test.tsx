import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, type Schemas } from "@/api";
import type { Order } from "./redrive";
import { RedriveDialog } from "./redrive-dialog";

// As long as it takes on a machine that has much else to do.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

type RedriveOrder = Schemas["RedriveOrder"];
type Result = Schemas["RedriveResult"];

let asked: RedriveOrder[] = [];

/** The gateway, as far as this dialog asks it. */
function gatewayAnswers(answer: (order: RedriveOrder) => [number, unknown]) {
  vi.stubGlobal("fetch", async (request: Request) => {
    const order = (await request.json()) as RedriveOrder;
    asked.push(order);
    const [status, body] = answer(order);
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
}

function result(of: Partial<Result>): Result {
  return { dry_run: false, redriven: 0, failed: 0, more: false, left_out: [], results: [], ...of };
}

function shown(order: Order, onClose = () => {}) {
  render(
    <QueryClientProvider client={queryClient}>
      <RedriveDialog order={order} onClose={onClose} />
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  asked = [];
  queryClient.clear();
});
afterEach(() => vi.unstubAllGlobals());

it("says how many before it does anything, and what became of them", async () => {
  gatewayAnswers((order) =>
    order.dry_run
      ? [
          200,
          result({
            dry_run: true,
            redriven: 2,
            left_out: [{ reason: "event_id_conflict", count: 3, detail: "" }],
          }),
        ]
      : [200, result({ redriven: 2 })],
  );
  shown({ filter: { reason: "refused_by_store" } });
  expect(await screen.findByText("2 letters will be redriven.")).toBeVisible();
  expect(screen.getByText("3 letters left out")).toBeVisible();
  expect(asked.every((order) => order.dry_run)).toBe(true);

  await userEvent.click(screen.getByRole("button", { name: "Redrive 2 letters" }));
  expect(await screen.findByText("2 records are in the log again.")).toBeVisible();
  expect(asked.filter((order) => !order.dry_run)).toEqual([
    { filter: { reason: "refused_by_store" }, limit: 100 },
  ]);
});

it("offers nothing where nothing can be redriven, and says why", async () => {
  const detail = "There is no dead letter of this id (any more).";
  gatewayAnswers(() => [
    200,
    result({
      dry_run: true,
      failed: 1,
      results: [{ id: "0-9", status: "failed", code: "not_found", detail }],
    }),
  ]);
  shown({ ids: ["0-9"] });
  expect(await screen.findByText("No letter can be redriven.")).toBeVisible();
  expect(screen.getByText(detail)).toBeVisible();
  expect(screen.getByRole("button", { name: /^Redrive/ })).toBeDisabled();
});

it("tells what failed, with the letters' ids", async () => {
  const detail = "The event log takes nothing now; try again shortly.";
  gatewayAnswers((order) =>
    order.dry_run
      ? [200, result({ dry_run: true, redriven: 1 })]
      : [
          200,
          result({ failed: 1, results: [{ id: "0-41", status: "failed", code: "log_unavailable", detail }] }),
        ],
  );
  shown({ ids: ["0-41"] });
  await userEvent.click(await screen.findByRole("button", { name: "Redrive 1 letter" }));
  expect(await screen.findByText("1 letter failed")).toBeVisible();
  expect(screen.getByText("Nothing was redriven.")).toBeVisible();
  expect(screen.getByText("0-41")).toBeVisible();
});

it("says what is wrong when the gateway refuses, and what was done stays done", async () => {
  gatewayAnswers((order) =>
    order.dry_run
      ? [200, result({ dry_run: true, redriven: 1 })]
      : [
          409,
          { code: "not_redrivable", title: "Not redrivable", status: 409, detail: "It failed too often." },
        ],
  );
  shown({ ids: ["0-41"] });
  await userEvent.click(await screen.findByRole("button", { name: "Redrive 1 letter" }));
  expect(await screen.findByText("It failed too often.")).toBeVisible();
  expect(screen.getByText(/What was redriven stays redriven/)).toBeVisible();
});
