import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TestMessage } from "./test-message";
import type { TopicDescribed } from "./use-topics";

const topic: TopicDescribed = {
  name: "orders",
  partitions: 3,
  retention_days: 7,
  compacted: false,
  reserved: false,
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

const sent: Request[] = [];
let answer: () => Response;

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

async function open(changes: Partial<TopicDescribed> = {}) {
  const onShow = vi.fn();
  render(<TestMessage topic={{ ...topic, ...changes }} onClose={() => undefined} onShow={onShow} />);
  const dialog = within(await screen.findByRole("dialog"));
  const type = async (label: string, text: string) => {
    const field = dialog.getByLabelText(label);
    await userEvent.clear(field);
    await userEvent.click(field);
    await userEvent.paste(text);
  };
  return {
    dialog,
    type,
    onShow,
    send: () => userEvent.click(dialog.getByRole("button", { name: "Publish" })),
  };
}

describe("a test message", () => {
  it("that is no JSON is not sent", async () => {
    const { dialog, type, send } = await open();
    await type("API key", "sk_abc");
    await type("Message", "{id: 7}");
    await send();
    expect(dialog.getByLabelText("Message")).toHaveAccessibleDescription(/no JSON/);
    expect(sent).toEqual([]);
  });

  it("is sent as it was typed, with the key alone, and says where it lies", async () => {
    answer = () =>
      json(202, { topic: "orders", message_id: "01980a5e", status: "accepted", partition: 2, offset: 41 });
    const { dialog, type, send, onShow } = await open();
    await type("Message", '{"n": 12345678901234567890}');
    await type("Key", "order-7");
    await type("API key", "sk_abc");
    await send();

    await waitFor(() => expect(dialog.getByText("41")).toBeVisible());
    const [request] = sent;
    expect(request?.headers.get("Authorization")).toBe("Bearer sk_abc");
    expect(request?.credentials).toBe("omit");
    expect(await request?.text()).toBe(
      '{"topic":"orders","key":"order-7","message":{"n": 12345678901234567890}}',
    );

    await userEvent.click(dialog.getByRole("button", { name: "Show it" }));
    expect(onShow).toHaveBeenCalledWith(2, 41);
  });

  it("whose answer was lost is the same message when it is sent again, and another one when it has changed", async () => {
    const { dialog, type, send } = await open();
    await type("API key", "sk_abc");
    answer = () => {
      throw new TypeError("network");
    };
    await send();
    await waitFor(() => expect(dialog.getByRole("alert")).toBeVisible());
    await send();
    await waitFor(() => expect(sent).toHaveLength(2));
    await type("Message", "2");
    await send();
    await waitFor(() => expect(sent).toHaveLength(3));
    const [first, second, third] = sent.map((request) => request.headers.get("Idempotency-Key"));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("whose key is refused says so at the key, and not that one is signed out", async () => {
    answer = () => json(401, { code: "invalid_api_key", detail: "This key is not known." });
    const { dialog, type, send } = await open();
    await type("API key", "sk_abc");
    await send();
    await waitFor(() => expect(dialog.getByLabelText("API key")).toHaveAccessibleDescription(/revoked/));
    expect(dialog.queryByText(/signed out/)).toBeNull();
  });

  it("that does not meet the schema says where", async () => {
    const errors = [{ pointer: "/message/id", code: "type", detail: "is not a number" }];
    answer = () =>
      json(400, { code: "schema_violation", title: "Refused", detail: "It does not fit.", errors });
    const { dialog, type, send } = await open();
    await type("API key", "sk_abc");
    await send();
    await waitFor(() => expect(dialog.getByText("/message/id")).toBeVisible());
  });

  it("of a compacted topic needs a key", async () => {
    const { dialog, type, send } = await open({ compacted: true });
    await type("API key", "sk_abc");
    await send();
    expect(dialog.getByLabelText("Key")).toBeInvalid();
    expect(sent).toEqual([]);
  });
});
