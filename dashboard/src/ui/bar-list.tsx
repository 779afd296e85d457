/** The most of something, as bars that are compared at a glance; the same as a table and a file. */
import { useState } from "react";
import { ChartFrame, ChartTable } from "./chart-frame";
import { cx } from "./cx";
import { words } from "./data-words";
import { Foreign } from "./foreign";
import { HrefLink } from "./href-link";

export interface BarListItem {
  label: string;
  value: number;
  href?: string;
  hint?: string;
}

export interface BarListProps {
  title: string;
  items: readonly BarListItem[];
  unit(value: number): string;
  csvName: string;
  /** What to say when there is nothing. */
  empty?: string;
}

const LABEL_CHARS_MAX = 120;

/** How much of the width a value takes, against the largest: never so little that it cannot be seen. */
export function barPercent(value: number, largest: number): number {
  if (!(value > 0) || !(largest > 0)) return 0;
  return Math.max(0.5, Math.min(100, (value / largest) * 100));
}

/** As a link it may take the place of all of its bar. */
function Label({ item: { label, href }, isWhole }: { item: BarListItem; isWhole: boolean }) {
  const text = <Foreign max={LABEL_CHARS_MAX}>{label}</Foreign>;
  if (href === undefined) return text;
  return (
    <HrefLink
      href={href}
      className={cx(
        "underline underline-offset-3",
        isWhole &&
          "decoration-transparent outline-none after:absolute after:inset-0 after:content-[''] group-hover:decoration-current",
      )}
    >
      {text}
    </HrefLink>
  );
}

function Bar({ item, largest, unit }: { item: BarListItem; largest: number; unit(value: number): string }) {
  return (
    <li className="group relative rounded-4 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus">
      <div className="flex min-h-6 items-baseline justify-between gap-3 text-12">
        <span className="min-w-0 text-ink">
          <Label item={item} isWhole />
          {item.hint !== undefined && (
            <>
              {" "}
              <Foreign max={LABEL_CHARS_MAX} className="text-faint">
                {item.hint}
              </Foreign>
            </>
          )}
        </span>
        <span className="shrink-0 font-medium text-ink">{unit(item.value)}</span>
      </div>
      <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-raised">
        <div
          className="h-full rounded-full bg-series-1 group-hover:bg-accent"
          style={{ width: `${barPercent(item.value, largest)}%` }}
        />
      </div>
    </li>
  );
}

export function BarList({ title, items, unit, csvName, empty = words.noItems }: BarListProps) {
  const [isTable, setTable] = useState(false);
  if (items.length === 0) {
    return (
      <ChartFrame title={title} csvName={csvName}>
        <p className="grid min-h-24 place-items-center text-12 text-faint">{empty}</p>
      </ChartFrame>
    );
  }
  const largest = Math.max(...items.map(({ value }) => value));
  return (
    <ChartFrame
      title={title}
      isTable={isTable}
      onTable={setTable}
      csvName={csvName}
      csvRows={() => [
        [words.name, words.value],
        ...items.map(({ label, value }) => [label, Number.isFinite(value) ? String(value) : ""]),
      ]}
    >
      {isTable ? (
        <ChartTable
          caption={title}
          columns={[words.name, words.value]}
          rows={items.map((item) => [<Label key="label" item={item} isWhole={false} />, unit(item.value)])}
        />
      ) : (
        <ul className="mt-3 flex flex-col gap-3">
          {items.map((item, index) => (
            <Bar key={index} item={item} largest={largest} unit={unit} />
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}
