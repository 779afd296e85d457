import { type ReactNode, useRef } from "react";
import { cx } from "./cx";
import type { LinkTarget } from "./link";
import { Menu, type MenuItem } from "./menu";
import { moveBetweenRows, Opener, pressOpener } from "./row-open";
import { usePhone } from "./use-media";
import { useScrollable } from "./use-scrollable";
import { VisuallyHidden } from "./visually-hidden";
import { words } from "./words";

export interface Column<T> {
  key: string;
  header: string;
  cell(row: T): ReactNode;
  align?: "right";
  /** A CSS length. */
  width?: string;
  /** It names the row: what opens it, the heading of its card on a phone. The first column otherwise. */
  primary?: boolean;
  hideOnPhone?: boolean;
  /** Long text goes on in the next line instead of being cut. */
  wrap?: boolean;
}

export interface TableProps<T> {
  label: string;
  rows: readonly T[];
  rowKey(row: T): string;
  columns: readonly Column<T>[];
  onRowOpen?(row: T): void;
  rowHref?(row: T): LinkTarget;
  menu?(row: T): readonly MenuItem[];
  /** The name of a row in the name of its menu. */
  rowLabel?(row: T): string;
  /** The row whose details are open beside the table. */
  isSelected?(row: T): boolean;
  /** What is shown instead of a table without rows. */
  empty?: ReactNode;
}

/** Rows of one kind; under 640 px each is a card. */
export function Table<T>(props: TableProps<T>) {
  const isPhone = usePhone();
  if (props.rows.length === 0 && props.empty !== undefined) {
    return <div className="rounded-8 border bg-surface">{props.empty}</div>;
  }
  return isPhone ? <Cards {...props} /> : <Rows {...props} />;
}

interface Opening {
  href: LinkTarget | undefined;
  onOpen: (() => void) | undefined;
  opens: boolean;
}

function openingOf<T>(row: T, { rowHref, onRowOpen }: TableProps<T>): Opening {
  const href = rowHref?.(row);
  const onOpen = onRowOpen && (() => onRowOpen(row));
  return { href, onOpen, opens: href !== undefined || onOpen !== undefined };
}

function primaryOf<T>(columns: readonly Column<T>[]): Column<T> | undefined {
  return columns.find((column) => column.primary) ?? columns[0];
}

function RowMenu<T>({ row, menu, rowLabel }: Pick<TableProps<T>, "menu" | "rowLabel"> & { row: T }) {
  const items = menu?.(row) ?? [];
  if (items.length === 0) return null;
  return <Menu label={rowLabel ? words.actionsFor(rowLabel(row)) : words.actions} items={items} />;
}

function Rows<T>(props: TableProps<T>) {
  const { label, rows, rowKey, columns, menu, isSelected } = props;
  const box = useRef<HTMLDivElement>(null);
  const isScrollable = useScrollable(box);
  const primary = primaryOf(columns);
  return (
    <div
      ref={box}
      // What is wider than its box is scrolled by keyboard too.
      {...(isScrollable ? { role: "region", "aria-label": label, tabIndex: 0 } : {})}
      className="relative min-w-0 overflow-x-auto rounded-8 border bg-surface focus-visible:-outline-offset-2"
    >
      <table aria-label={label} className="w-full border-separate border-spacing-0 text-13">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={column.width === undefined ? undefined : { width: column.width }}
                className={cx(
                  "h-9 border-b bg-canvas px-4 font-medium text-12 text-muted whitespace-nowrap first:rounded-ss-8 last:rounded-se-8",
                  column.align === "right" ? "text-end" : "text-start",
                )}
              >
                {column.header}
              </th>
            ))}
            {menu && (
              <th scope="col" className="sticky end-0 w-12 rounded-se-8 border-b bg-canvas print:hidden">
                <VisuallyHidden>{words.actions}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {rows.map((row) => {
            const { opens, ...opening } = openingOf(row, props);
            return (
              <tr
                key={rowKey(row)}
                onClick={opens ? pressOpener : undefined}
                data-selected={isSelected?.(row) || undefined}
                className={cx(
                  "group/row bg-surface transition-colors duration-75 data-selected:bg-accent-soft",
                  opens && "cursor-pointer hover:bg-raised data-selected:hover:bg-accent-soft",
                )}
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={cx(
                      "h-11 max-w-96 border-b group-last/row:first:rounded-es-8 group-last/row:last:rounded-ee-8 px-4 py-1.5 align-middle text-muted group-last/row:border-b-0",
                      column.align === "right" && "text-end",
                      column.wrap ? "break-words" : "truncate",
                    )}
                  >
                    {column === primary ? <Opener {...opening}>{column.cell(row)}</Opener> : column.cell(row)}
                  </td>
                ))}
                {menu && (
                  <td className="sticky end-0 w-12 border-b bg-inherit px-2 text-end align-middle group-last/row:rounded-ee-8 group-last/row:border-b-0 print:hidden">
                    <RowMenu {...props} row={row} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cards<T>(props: TableProps<T>) {
  const { label, rows, rowKey, columns, isSelected } = props;
  const primary = primaryOf(columns);
  const others = columns.filter((column) => column !== primary && !column.hideOnPhone);
  return (
    <ul aria-label={label} onKeyDown={moveBetweenRows} className="flex flex-col gap-2">
      {rows.map((row) => {
        const { opens, ...opening } = openingOf(row, props);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys have the row's opener
          <li
            key={rowKey(row)}
            onClick={opens ? pressOpener : undefined}
            data-selected={isSelected?.(row) || undefined}
            className={cx(
              "relative min-w-0 rounded-8 border bg-surface px-3.5 py-3 data-selected:border-accent",
              opens && "cursor-pointer active:bg-raised",
            )}
          >
            <div className="flex min-h-6 items-start justify-between gap-2">
              <div className="min-w-0 flex-1 break-words text-14">
                {primary && <Opener {...opening}>{primary.cell(row)}</Opener>}
              </div>
              <div className="-me-2 -mt-2 shrink-0">
                <RowMenu {...props} row={row} />
              </div>
            </div>
            {others.length > 0 && (
              <dl className="mt-2 grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-13">
                {others.map((column) => (
                  <div key={column.key} className="contents">
                    <dt className="text-muted">{column.header}</dt>
                    <dd className="min-w-0 break-words text-ink">{column.cell(row)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        );
      })}
    </ul>
  );
}
