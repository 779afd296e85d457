import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { $api, queryClient } from "@/api";
import { changes, gateway, page, problem, user } from "@/test-page";
import { toast } from "@/ui";
import { ManageViews } from "./manage-views";
import { VIEWS_PAGE, type View } from "./views";

afterEach(() => vi.unstubAllGlobals());

const view = (name: string): View => ({
  id: `id-of-${name}`,
  name,
  page: VIEWS_PAGE,
  query: "type=ai.error",
  shared: false,
  may_change: true,
  owner: "Ada",
  owner_id: "id-of-ada",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
});

function Shown() {
  const query = { params: { query: { page: VIEWS_PAGE } } };
  const { data } = $api.useQuery("get", "/api/v1/views", query);
  return data && <ManageViews views={data.items} query="" onClose={() => undefined} />;
}

async function open() {
  queryClient.clear();
  render(
    <QueryClientProvider client={queryClient}>
      <Shown />
    </QueryClientProvider>,
  );
  await screen.findByText("Errors");
}

/** Answers once it is told to, so that what is shown meanwhile can be seen. */
function later() {
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method !== "GET") await told;
    return fetch(request);
  });
  return answer;
}

async function remove() {
  await user.click(screen.getByRole("button", { name: "Delete Errors" }));
  const confirm = await screen.findByRole("alertdialog");
  await user.click(within(confirm).getByRole("button", { name: "Delete" }));
}

async function rename(to: string) {
  await user.click(screen.getByRole("button", { name: "Change" }));
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.type(field, to);
  await user.click(screen.getByRole("button", { name: "Save" }));
}

test("a view that is deleted is gone at once, before the gateway has answered", async () => {
  let items = [view("Errors")];
  const asked = gateway({
    "GET /api/v1/views": () => page(...items),
    "DELETE /api/v1/views/id-of-Errors": () => {
      items = [];
      return [204];
    },
  });
  const answer = later();
  await open();
  await remove();
  await screen.findByText("There are no saved views yet.");
  expect(changes(asked)).toEqual([]);
  answer();
  await waitFor(() => expect(changes(asked)).toHaveLength(1));
  expect(screen.getByText("There are no saved views yet.")).toBeInTheDocument();
});

test("one whose deletion is refused is back, and it is told why", async () => {
  gateway({
    "GET /api/v1/views": page(view("Errors")),
    "DELETE /api/v1/views/id-of-Errors": problem(403, "not_yours"),
  });
  const told = vi.spyOn(toast, "bad").mockReturnValue(undefined);
  const answer = later();
  await open();
  await remove();
  await screen.findByText("There are no saved views yet.");
  answer();
  expect(await screen.findByText("Errors")).toBeInTheDocument();
  await waitFor(() => expect(told).toHaveBeenCalledWith("Errors was not deleted", "It is not_yours."));
});

test("another name is shown at once; refused, the old one is back, with what was typed and why", async () => {
  gateway({
    "GET /api/v1/views": page(view("Errors")),
    "PATCH /api/v1/views/id-of-Errors": problem(409, "already_exists", {
      detail: "There is one of this name.",
    }),
  });
  const answer = later();
  await open();
  await rename("Failures");
  expect(await screen.findByText("Failures")).toBeInTheDocument();
  expect(screen.queryByLabelText("Name")).toBeNull();
  answer();
  expect(await screen.findByText("There is one of this name.")).toBeInTheDocument();
  expect(screen.getByLabelText("Name")).toHaveValue("Failures");
  expect(screen.getByRole("button", { name: "Delete Errors", hidden: true })).toBeInTheDocument();
});
