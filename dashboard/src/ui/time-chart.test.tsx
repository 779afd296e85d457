import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, test, vi } from "vitest";
import * as files from "@/lib/download";
import { TimeChart, type TimeChartProps } from "./time-chart";

// Loaded before, as loading may take longer than a test waits for what it brings.
beforeAll(async () => {
  await import("./time-chart-plot");
});

const START = Date.UTC(2026, 10, 21, 12) / 1000;

/** Here there is no canvas: what the chart shows then is its table. */
function chart(over: Partial<TimeChartProps> = {}) {
  const props: TimeChartProps = {
    title: "Throughput",
    times: [START, START + 60, START + 120],
    series: [
      { name: "Stored", values: [10, 20, 30], tone: 1, fill: true },
      { name: "Rejected", values: [1, null, null], tone: "bad" },
    ],
    unit: (value) => `${value}/s`,
    summary: "Throughput of the last 3 minutes, between 10 and 30 a second.",
    csvName: "throughput",
    ...over,
  };
  render(<TimeChart {...props} />);
}

const rows = () => [...document.querySelectorAll("tr")];
const cells = () => rows().map((row) => [...row.children].map((cell) => cell.textContent));

describe("a chart", { timeout: 60_000 }, () => {
  test("has a title, and tells the latest values", async () => {
    chart();
    expect(screen.getByRole("region", { name: "Throughput" })).toBeVisible();
    expect(screen.getByRole("heading", { level: 2, name: "Throughput" })).toBeVisible();
    const header = screen.getByText("Stored", { selector: "p *" }).closest("p");
    expect(header?.textContent).toMatch(/^Stored30\/sRejectedno data\d\d:02$/);
    await screen.findByRole("table");
  });

  test("that cannot be drawn is its table, and says so", async () => {
    chart();
    expect(await screen.findByRole("table")).toHaveAccessibleName(
      /^Throughput\. Throughput of the last 3 minutes/,
    );
    expect(screen.getByText("The chart could not be drawn, so here are its numbers.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /View as/ })).toBeNull();
  });

  test("as a table has the latest first, with units, and says what is not known", async () => {
    chart();
    await screen.findByRole("table");
    expect(cells().map((row) => row.slice(1))).toEqual([
      ["Stored", "Rejected"],
      ["30/s", "no data"],
      ["20/s", "no data"],
      ["10/s", "1/s"],
    ]);
  });

  test("of many points puts the latest into the page", async () => {
    const times = Array.from({ length: 1440 }, (_, index) => START + index * 60);
    chart({ times, series: [{ name: "Stored", values: times.map((_, index) => index), tone: 1 }] });
    await screen.findByRole("table");
    expect(rows()).toHaveLength(501);
    expect(screen.getByText("The latest 500 of 1,440 rows. The CSV has all of them.")).toBeVisible();
    expect(cells()[1]?.[1]).toBe("1439/s");
  });

  test("as a file is exact and plain", async () => {
    const download = vi.spyOn(files, "download").mockImplementation(() => {});
    const user = userEvent.setup();
    chart({ series: [{ name: "=Stored,all", values: [10, null, 0.5], tone: 1 }] });
    await user.click(screen.getByRole("button", { name: "CSV" }));
    expect(download).toHaveBeenCalledWith(
      "throughput.csv",
      "text/csv",
      [
        `Time,"'=Stored,all"`,
        "2026-11-21T12:00:00.000Z,10",
        "2026-11-21T12:01:00.000Z,",
        "2026-11-21T12:02:00.000Z,0.5",
        "",
      ].join("\r\n"),
    );
  });

  test.each<[string, Partial<TimeChartProps>]>([
    ["no points", { times: [], series: [{ name: "Stored", values: [], tone: 1 }] }],
    ["no values", { series: [{ name: "Stored", values: [null, null, null], tone: 1 }] }],
    ["no series", { series: [] }],
  ])("of %s says that there is nothing, and offers nothing", (_, over) => {
    chart(over);
    expect(screen.getByText("No data in this time")).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByRole("heading", { name: "Throughput" })).toBeVisible();
  });
});
