import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { story } from "@/lib/story";
import { LongText } from "./marked-text";
import { StoryView } from "./story-view";

describe("a story", () => {
  it("marks what is hidden where it stands", () => {
    const event = { event_type: "ai.query", query: { prompt: "Write to [REDACTED:email]" } };
    render(<StoryView story={story(event)} redactions={[{ pointer: "/query/prompt", kind: "email" }]} />);
    const mark = screen.getByText("[REDACTED:email]");
    expect(mark.closest("mark")).toHaveAttribute("title", expect.stringContaining("e-mail address"));
  });

  it("shows a decision's options, the chosen one by its word, and how sure", () => {
    const decision = {
      type: "refund",
      logic: "why",
      options: ["refund", "refuse"],
      chosen: "refund",
      confidence: 0.97,
    };
    render(<StoryView story={story({ event_type: "ai.decision", decision })} redactions={[]} />);
    const [first, second] = screen.getAllByRole("listitem");
    expect(first).toHaveTextContent(/Chosen.*97%.*refund/);
    expect(second).toHaveTextContent(/^refuse$/);
  });

  it("is text, whatever a sender writes", () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
    const event = {
      event_type: "ai.error",
      error: { code: hostile, message: hostile, stack: `${hostile}\n‮evil`, recoverable: hostile },
    };
    const { container } = render(<StoryView story={story(event)} redactions={[]} />);
    expect(container.querySelector("img, script")).toBeNull();
    expect(container).toHaveTextContent("onerror");
    // A mark that turns the writing direction is written out.
    expect(container.textContent).not.toContain("‮");
  });

  it("of an event that tells nothing says where to look", () => {
    render(<StoryView story={story({})} redactions={[]} />);
    expect(screen.getByText(/no story/)).toBeVisible();
  });
});

it("a long text is shown in part, and whole when that is wanted", async () => {
  const text = `${"a".repeat(100_000)}THE END`;
  const { container } = render(<LongText text={text} pointer="/a" redactions={[]} />);
  expect(container).not.toHaveTextContent("THE END");
  await userEvent.click(screen.getByRole("button", { name: /100,007/ }));
  expect(container).toHaveTextContent("THE END");
  await userEvent.click(screen.getByRole("button", { name: "Show less" }));
  expect(container).not.toHaveTextContent("THE END");
});
