/**
 * JSON as a tree, as it was sent: numbers with all their digits, keys that come twice, and marks where something was
 * redacted. However large or deep the document is, what is drawn is bounded: long strings are cut, children come in pages
 * of 100, and what there is no room for at first is folded.
 */
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { type JsonMark, type JsonRow, placeMarks } from "@/lib/json-rows";
import { decodeString, type JsonDocument, parseJson, rawOf } from "@/lib/json-text";
import { writeJson } from "@/lib/json-write";
import { formatExact } from "@/lib/numbers";
import { useAnnounce } from "./announce";
import { Button } from "./button";
import { Callout } from "./callout";
import { Code } from "./code";
import { Copy } from "./copy";
import { copyText } from "./copy-text";
import { cx } from "./cx";
import { words } from "./data-words";
import { copyOf, JsonRowView } from "./json-row";
import { hasMore } from "./json-string";
import { moveOf, useJsonTree } from "./json-tree";
import { toast } from "./toast";
import { words as kitWords } from "./words";

export type { JsonMark } from "@/lib/json-rows";

export interface JsonProps {
  value?: unknown;
  /** The text as it was sent; it takes the place of `value`. */
  text?: string;
  /** What to say of places in it, such as that they were redacted. */
  marks?: readonly JsonMark[];
  /** Values that are deeper than this are folded at first. */
  collapsedDepth?: number;
  /** Its name for screen readers. */
  label?: string;
  /** Without the buttons above it. */
  bare?: boolean;
  className?: string;
}

const NO_MARKS: readonly JsonMark[] = [];
const REST_HEIGHT_PX = 320;

export function Json({
  value,
  text,
  marks = NO_MARKS,
  collapsedDepth = 3,
  label = words.json,
  ...rest
}: JsonProps) {
  const source = useMemo(() => text ?? writeJson(value), [text, value]);
  const doc = useMemo(() => parseJson(source), [source]);
  if (source.trim() === "")
    return <p className={cx("text-12 text-faint", rest.className)}>{words.emptyText}</p>;
  if (doc.root === undefined) {
    return (
      <div className={cx("flex min-w-0 flex-col gap-2", rest.className)}>
        <p className="text-12 text-muted">{words.noJson}</p>
        <Code wrap maxHeight={REST_HEIGHT_PX} label={label}>
          {source}
        </Code>
      </div>
    );
  }
  return <Tree doc={doc} marks={marks} collapsedDepth={collapsedDepth} label={label} {...rest} />;
}

interface TreeProps extends Required<Pick<JsonProps, "marks" | "collapsedDepth" | "label">> {
  doc: JsonDocument;
  bare?: boolean;
  className?: string;
}

/** The string that a row shows, if it is one. */
function stringOf(doc: JsonDocument, row: JsonRow | undefined): string | undefined {
  return row?.kind === "value" && row.node.kind === "string" ? decodeString(rawOf(doc, row.node)) : undefined;
}

/** Nothing is selected with the mouse, so that the keys for copying mean the row, and a click means to open. */
function isNothingSelected(): boolean {
  return window.getSelection()?.isCollapsed ?? true;
}

function Tree({ doc, marks, collapsedDepth, label, bare = false, className }: TreeProps) {
  const treeId = useId();
  const box = useRef<HTMLDivElement>(null);
  const placed = useMemo(() => placeMarks(doc, marks), [doc, marks]);
  const tree = useJsonTree(doc, placed, collapsedDepth);
  const { rows, full, toggle, more, lengthen } = tree;
  const [chosen, setActive] = useState("v0");
  const [pointed, setPointed] = useState<string>();
  const [isFocused, setFocused] = useState(false);
  const announce = useAnnounce();
  const active = rows.some(({ id }) => id === chosen) ? chosen : "v0";
  const focused = isFocused ? active : undefined;

  const rowOf = (id: string | undefined) => rows.find((row) => row.id === id);
  const elementOf = (id: string) =>
    box.current?.querySelector<HTMLElement>(`[data-row="${id}"]`) ?? undefined;
  const targetId = (target: EventTarget) =>
    (target as Element).closest<HTMLElement>("[data-row]")?.dataset["row"];

  // The row that showed more is gone with the last page: the focus goes to the first that it brought.
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    elementOf(wanted.current)?.focus();
    wanted.current = undefined;
  });

  function press(row: JsonRow) {
    if (row.kind === "more") {
      const next = row.node.children?.at(-row.left);
      if (next !== undefined) wanted.current = `v${next.id}`;
      more(row.node);
    } else if (row.kind === "value" && row.node.children !== undefined) {
      toggle(row.node);
    }
  }

  async function copy(row: JsonRow, near: HTMLElement) {
    if (await copyText(copyOf(doc, row), near)) announce(kitWords.copied);
    else toast.bad(kitWords.notCopied, kitWords.notCopiedHow);
  }

  function onKeyDown(event: KeyboardEvent) {
    const row = rowOf(targetId(event.target));
    // A button within the row has its own keys.
    if (row === undefined || (event.target as HTMLElement).dataset["row"] === undefined) return;
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && event.key.toLowerCase() === "c" && !event.shiftKey && isNothingSelected()) {
      event.preventDefault();
      void copy(row, event.target as HTMLElement);
      return;
    }
    if (isMod || event.altKey || event.shiftKey) return;
    const move = moveOf(event.key, rows, row.id, placed, hasMore(stringOf(doc, row) ?? ""));
    if (move === undefined) return;
    event.preventDefault();
    if ("go" in move) elementOf(move.go)?.focus();
    else if (move.do === "lengthen") lengthen(row.node);
    else press(row);
  }

  function onClick(event: MouseEvent) {
    const row = rowOf(targetId(event.target));
    const isButton = (event.target as Element).closest("button") !== null;
    if (row !== undefined && !isButton && isNothingSelected()) press(row);
  }

  const isTree = (doc.root?.children?.length ?? 0) > 0;
  return (
    <div className={cx("min-w-0", className)}>
      {!bare && (
        <div className="mb-1 flex justify-end gap-1 print:hidden">
          {isTree && (
            <Button size="sm" variant="ghost" onClick={tree.isAllOpen ? tree.collapseAll : tree.expandAll}>
              {tree.isAllOpen ? words.collapseAll : words.expandAll}
            </Button>
          )}
          <Copy value={doc.text} size="sm" iconOnly label={words.copyAll} />
        </div>
      )}
      <div
        ref={box}
        role="tree"
        aria-label={label}
        dir="ltr"
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          setFocused(true);
          setActive((now) => targetId(event.target) ?? now);
        }}
        onBlur={() => setFocused(false)}
        onPointerOver={(event) => setPointed(targetId(event.target))}
        onPointerLeave={() => setPointed(undefined)}
        className="min-w-0 font-mono text-12 text-ink leading-6 [overflow-wrap:anywhere]"
      >
        {rows.map((row) => (
          <JsonRowView
            key={row.id}
            doc={doc}
            row={row}
            placed={placed}
            treeId={treeId}
            isActive={row.id === active}
            isHot={row.id === pointed || row.id === focused}
            isFull={row.kind === "value" && full.has(row.node.id)}
            lengthen={lengthen}
          />
        ))}
      </div>
      {doc.problem !== undefined && <Rest doc={doc} problem={doc.problem} />}
    </div>
  );
}

/** The text that is no JSON, after what is. */
function Rest({ doc, problem }: { doc: JsonDocument; problem: { at: number; expected: string } }) {
  const rest = doc.text.slice(problem.at);
  return (
    <div className="mt-2 flex flex-col gap-2">
      <Callout tone="warn">{words.brokenJson(formatExact(problem.at + 1), problem.expected)}</Callout>
      {rest !== "" && (
        <Code wrap maxHeight={REST_HEIGHT_PX}>
          {rest}
        </Code>
      )}
    </div>
  );
}
