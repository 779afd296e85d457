import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { MorePages, type PagesQuery } from "./more-pages";

let see: () => void = () => undefined;

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        see = () => tell([{ isIntersecting: true }]);
      }
      observe() {}
      disconnect() {
        see = () => undefined;
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

function pages(
  overrides: Partial<PagesQuery> = {},
): PagesQuery & { fetchNextPage: ReturnType<typeof vi.fn> } {
  const fetchNextPage = vi.fn();
  return {
    hasNextPage: true,
    isFetchingNextPage: false,
    isFetchNextPageError: false,
    error: null,
    ...overrides,
    fetchNextPage,
  };
}

test("the next page comes when its place is nearly seen, once", () => {
  const query = pages();
  render(<MorePages query={query} />);
  act(() => see());
  act(() => see());
  expect(query.fetchNextPage).toHaveBeenCalledOnce();
});

test("it comes by itself ten times; then the end can be reached, and one asks", async () => {
  const user = userEvent.setup();
  const query = pages();
  const { rerender } = render(<MorePages query={query} />);
  for (let page = 0; page < 15; page += 1) {
    act(() => see());
    rerender(<MorePages query={{ ...query, isFetchingNextPage: true }} />);
    rerender(<MorePages query={query} />);
  }
  expect(query.fetchNextPage).toHaveBeenCalledTimes(10);
  await user.click(screen.getByRole("button", { name: "Load more" }));
  expect(query.fetchNextPage).toHaveBeenCalledTimes(11);
});

test("who has asked for more is told that it is there", async () => {
  const user = userEvent.setup();
  const query = pages();
  const { rerender } = render(<MorePages query={query} />);
  await user.click(screen.getByRole("button", { name: "Load more" }));
  rerender(<MorePages query={{ ...query, isFetchingNextPage: true }} />);
  rerender(<MorePages query={{ ...query, hasNextPage: false }} />);
  expect(document.getElementById("announcements")).toHaveTextContent("More rows are shown");
});

test("a page that did not come is asked for again by hand, not by itself", async () => {
  const user = userEvent.setup();
  const query = pages({ isFetchNextPageError: true, error: ApiProblem.unreachable(undefined) });
  render(<MorePages query={query} />);
  act(() => see());
  expect(query.fetchNextPage).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(query.fetchNextPage).toHaveBeenCalledOnce();
});

test("after the last page there is nothing", () => {
  const { container } = render(<MorePages query={pages({ hasNextPage: false })} />);
  expect(container).toBeEmptyDOMElement();
});
