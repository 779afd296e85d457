import { expect, it } from "vitest";
import { type Answer, nothingObserved, observe, POINTS_MAX } from "./observed";

function after(...answers: [at: number, today: number, errorRate?: number][]) {
  return answers.reduce(
    (observed, [at, today, errorRate = 0]) => observe(observed, { at, today, errorRate } satisfies Answer),
    nothingObserved,
  );
}

it("one answer tells no rate, and two tell what came between them", () => {
  expect(after([0, 100]).points).toEqual([]);
  expect(after([0, 100], [10_000, 150, 0.5]).points).toEqual([{ atS: 10, perSecond: 5, errorRate: 0.5 }]);
});

it("the same answer again is no point", () => {
  expect(after([0, 100], [10_000, 150], [10_000, 150]).points).toHaveLength(1);
});

it("while nobody looked, what came is spread over the time", () => {
  expect(after([0, 0], [100_000, 100]).points[0]?.perSecond).toBe(1);
});

it("over midnight the rate is not known", () => {
  const { points } = after([0, 5_000], [10_000, 3], [20_000, 13]);
  expect(points.map(({ perSecond }) => perSecond)).toEqual([null, 1]);
});

it("an hour is kept", () => {
  const many = Array.from({ length: POINTS_MAX + 10 }, (_, i) => [i * 10_000, i] as [number, number]);
  const { points } = after(...many);
  expect(points).toHaveLength(POINTS_MAX);
  expect(points.at(-1)?.atS).toBe((POINTS_MAX + 9) * 10);
});
