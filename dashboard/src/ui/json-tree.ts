/** What is open in a JSON tree, and how one moves in it by keyboard. */
import { useCallback, useMemo, useState } from "react";
import {
  ALL_ROWS_MAX,
  FIRST_ROWS_MAX,
  isFoldable,
  type JsonMarks,
  type JsonRow,
  openTo,
  PAGE,
  rowsOf,
} from "@/lib/json-rows";
import type { JsonDocument, JsonNode } from "@/lib/json-text";

interface Folds {
  doc: JsonDocument;
  /** Containers whose children are seen. */
  open: ReadonlySet<number>;
  /** How many children, where it is not the first page alone. */
  shown: ReadonlyMap<number, number>;
  /** Strings that are seen as a whole. */
  full: ReadonlySet<number>;
  /** Everything was opened that there is room for. */
  isExpanded: boolean;
}

const toggled = (set: ReadonlySet<number>, id: number) => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

export interface JsonTree {
  rows: JsonRow[];
  full: ReadonlySet<number>;
  /** There is nothing more to open at once. */
  isAllOpen: boolean;
  toggle(node: JsonNode): void;
  more(node: JsonNode): void;
  lengthen(node: JsonNode): void;
  expandAll(): void;
  collapseAll(): void;
}

export function useJsonTree(doc: JsonDocument, placed: JsonMarks, depth: number): JsonTree {
  const begin = (): Folds => ({
    doc,
    open: openTo(doc, placed, depth, FIRST_ROWS_MAX),
    shown: new Map(),
    full: new Set(),
    isExpanded: false,
  });
  const [kept, setFolds] = useState(begin);
  let folds = kept;
  if (kept.doc !== doc) {
    // Another document: what was open in the one before says nothing about it.
    folds = begin();
    setFolds(folds);
  }
  const { open, shown, full } = folds;
  const rows = useMemo(() => rowsOf(doc, open, shown, placed), [doc, open, shown, placed]);
  const isOpen = rows.every((row) => row.kind !== "value" || row.isOpen || !isFoldable(row.node, placed));

  const toggle = useCallback(({ id }: JsonNode) => {
    setFolds((now) => ({ ...now, open: toggled(now.open, id) }));
  }, []);
  const lengthen = useCallback(({ id }: JsonNode) => {
    setFolds((now) => ({ ...now, full: toggled(now.full, id) }));
  }, []);
  const more = useCallback(({ id }: JsonNode) => {
    setFolds((now) => ({ ...now, shown: new Map(now.shown).set(id, (now.shown.get(id) ?? PAGE) + PAGE) }));
  }, []);
  const expandAll = useCallback(() => {
    setFolds((now) => ({
      ...now,
      open: openTo(doc, placed, Number.POSITIVE_INFINITY, ALL_ROWS_MAX),
      isExpanded: true,
    }));
  }, [doc, placed]);
  const collapseAll = useCallback(() => {
    setFolds((now) => ({
      ...now,
      open: openTo(doc, placed, 1, FIRST_ROWS_MAX),
      shown: new Map(),
      full: new Set(),
    }));
  }, [doc, placed]);
  return {
    rows,
    full,
    isAllOpen: isOpen || folds.isExpanded,
    toggle,
    more,
    lengthen,
    expandAll,
    collapseAll,
  };
}

/** What a key does in a row. */
export type Move = { go: string } | { do: "toggle" | "more" | "lengthen" } | undefined;

const isReachable = (row: JsonRow) => row.kind !== "close";

function firstFrom(rows: readonly JsonRow[], index: number, step: 1 | -1): Move {
  for (let at = index; at >= 0 && at < rows.length; at += step) {
    const row = rows[at] as JsonRow;
    if (isReachable(row)) return { go: row.id };
  }
  return undefined;
}

/** The keys of a tree: up and down along the rows, right into a value, left out of it. */
export function moveOf(
  key: string,
  rows: readonly JsonRow[],
  id: string,
  placed: JsonMarks,
  isLong: boolean,
): Move {
  const index = rows.findIndex((row) => row.id === id);
  const row = rows[index];
  if (row === undefined) return undefined;
  const isBranch = row.kind === "value" && isFoldable(row.node, placed);
  const press: Move =
    row.kind === "more"
      ? { do: "more" }
      : isBranch
        ? { do: "toggle" }
        : isLong
          ? { do: "lengthen" }
          : undefined;
  switch (key) {
    case "ArrowDown":
      return firstFrom(rows, index + 1, 1);
    case "ArrowUp":
      return firstFrom(rows, index - 1, -1);
    case "Home":
      return firstFrom(rows, 0, 1);
    case "End":
      return firstFrom(rows, rows.length - 1, -1);
    case "ArrowRight":
      if (!isBranch) return undefined;
      return row.isOpen ? firstFrom(rows, index + 1, 1) : press;
    case "ArrowLeft": {
      if (isBranch && row.isOpen) return press;
      const parent = row.kind === "value" ? row.node.parent : row.node;
      return parent === undefined ? undefined : { go: `v${parent.id}` };
    }
    case "Enter":
    case " ":
      return press;
    default:
      return undefined;
  }
}
