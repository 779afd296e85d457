import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, type Role, type Schemas, SessionProvider } from "@/api";
import { Configuration } from "./configuration";
import type { TopicDescribed } from "./use-topics";

const orders: TopicDescribed = {
  name: "orders",
  partitions: 3,
  retention_days: 14,
  compacted: false,
  reserved: false,
  updated_at: "2026-01-31T12:00:00Z",
  statistics: {
    partitions: [],
    consumers: 0,
    messages_today: 0,
    bytes_today: 0,
    messages_30_days: 0,
    bytes_30_days: 0,
    publish_rate: 0,
    error_rate: 0,
  },
};

const sent: { method: string; body: unknown }[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const body: object = await request.json();
    sent.push({ method: request.method, body });
    const { statistics: _, ...kept } = orders;
    return Response.json({ ...kept, ...body, updated_at: "2026-01-31T12:05:00Z" });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  queryClient.clear();
});

function me(role: Role): Schemas["Me"] {
  const organisation = { id: "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", name: "Acme", role };
  return { organisation, organisations: [organisation] } as Partial<Schemas["Me"]> as Schemas["Me"];
}

function shown(topic: TopicDescribed, role: Role) {
  return (
    <QueryClientProvider client={queryClient}>
      <SessionProvider me={me(role)}>
        <Configuration topic={topic} onDelete={() => undefined} />
      </SessionProvider>
    </QueryClientProvider>
  );
}

const save = () => screen.getByRole("button", { name: "Save changes" });

async function retype(label: string, text: string) {
  const field = screen.getByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, text);
}

it("only what has changed is sent", async () => {
  render(shown(orders, "member"));
  expect(save()).toBeDisabled();
  await retype("Partitions", "5");
  await userEvent.click(save());
  await waitFor(() => expect(sent).toEqual([{ method: "PATCH", body: { partitions: 5 } }]));
  await waitFor(() => expect(save()).toBeDisabled());
  expect(screen.getByLabelText("Partitions")).toHaveValue(5);
});

it("fewer partitions are not sent, and it is said why", async () => {
  render(shown(orders, "owner"));
  await retype("Partitions", "2");
  await userEvent.click(save());
  expect(screen.getByLabelText("Partitions")).toHaveAccessibleDescription(/cannot be taken away/);
  expect(sent).toEqual([]);
});

it("somebody else's change is shown where nothing was typed, and does not undo what was", async () => {
  const { rerender } = render(shown(orders, "admin"));
  const theirs = { ...orders, partitions: 8, updated_at: "2026-01-31T12:01:00Z" };
  rerender(shown(theirs, "admin"));
  expect(screen.getByLabelText("Partitions")).toHaveValue(8);

  await userEvent.click(screen.getByRole("radio", { name: "30 days" }));
  rerender(shown({ ...theirs, partitions: 9, updated_at: "2026-01-31T12:02:00Z" }, "admin"));
  await userEvent.click(save());
  await waitFor(() => expect(sent).toEqual([{ method: "PATCH", body: { retention_days: 30 } }]));
});

it("who may not change topics sees what is set, and nothing to press", () => {
  render(shown(orders, "viewer"));
  expect(screen.getByLabelText("Partitions")).toBeDisabled();
  expect(screen.queryByRole("button", { name: "Save changes" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Delete topic" })).toBeNull();
});

it("the topic of events can't be changed by anybody", () => {
  render(shown({ ...orders, name: "aibbar.events", reserved: true }, "owner"));
  expect(screen.queryByLabelText("Partitions")).toBeNull();
  expect(screen.queryByRole("button")).toBeNull();
});
