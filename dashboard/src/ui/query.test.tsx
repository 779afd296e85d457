import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { Query, type QueryState } from "./query";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const waiting: QueryState<string> = {
  data: undefined,
  error: null,
  isError: false,
  isRefetchError: false,
  refetch: () => undefined,
};

function shown(query: Partial<QueryState<string>>) {
  return (
    <Query query={{ ...waiting, ...query }} skeleton={<p>shape</p>}>
      {(data) => <p>{data}</p>}
    </Query>
  );
}

const problem = new ApiProblem(503, {
  code: "store_unavailable",
  title: "Store unavailable",
  detail: "It is away.",
});

test("what comes within 150 ms shows no skeleton", () => {
  const { rerender } = render(shown({}));
  act(() => vi.advanceTimersByTime(149));
  expect(screen.getByText("shape")).not.toBeVisible();
  rerender(shown({ data: "keys" }));
  expect(screen.getByText("keys")).toBeInTheDocument();
  act(() => vi.advanceTimersByTime(1_000));
  expect(screen.queryByText("shape")).toBeNull();
});

test("what takes longer shows its shape, and says that it loads", () => {
  render(shown({}));
  act(() => vi.advanceTimersByTime(150));
  expect(screen.getByText("shape")).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent("Loading");
});

test("a failure is told, and asked again by hand", () => {
  const refetch = vi.fn();
  render(shown({ isError: true, error: problem, refetch }));
  expect(screen.getByRole("alert")).toHaveTextContent("Store unavailable");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("what is known stays when it can't be asked for anew", () => {
  render(shown({ data: "keys", isError: true, isRefetchError: true, error: problem }));
  expect(screen.getByText("keys")).toBeInTheDocument();
  expect(screen.getByText("What you see may be old: Store unavailable")).toBeInTheDocument();
});

test("that the gateway is away is not told by each part of a page", () => {
  render(
    shown({ data: "keys", isError: true, isRefetchError: true, error: ApiProblem.unreachable(undefined) }),
  );
  expect(screen.queryByText(/may be old/)).toBeNull();
});

test("data that is empty is data", () => {
  render(shown({ data: "" }));
  act(() => vi.advanceTimersByTime(1_000));
  expect(screen.queryByText("shape")).toBeNull();
});
