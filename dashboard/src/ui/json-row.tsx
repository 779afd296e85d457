/** One row of a JSON tree. */
import { ChevronRight, Link2 } from "lucide-react";
import { memo, type ReactNode } from "react";
import {
  isFoldable,
  type JsonMark,
  type JsonMarks,
  type JsonRow,
  levelOf,
  PAGE,
  pointerOf,
} from "@/lib/json-rows";
import { decodeString, type JsonDocument, type JsonNode, rawOf } from "@/lib/json-text";
import { formatExact } from "@/lib/numbers";
import { cut } from "@/lib/text";
import { Badge } from "./badge";
import { Copy } from "./copy";
import { cx } from "./cx";
import { words } from "./data-words";
import { tokenLook } from "./highlight";
import { JsonString, written } from "./json-string";

const INDENT_PX = 14;
/** Deeper rows are not moved further, or there would be no room for them; they say how deep they are. */
const INDENT_LEVELS_MAX = 12;
const KEY_CHARS_MAX = 200;
/** A number may have as many digits as a text has letters. */
const NUMBER_CHARS_MAX = 400;
const MARKS_MAX = 5;

interface JsonRowViewProps {
  doc: JsonDocument;
  row: JsonRow;
  placed: JsonMarks;
  treeId: string;
  /** It is the one that the Tab key comes to. */
  isActive: boolean;
  /** The pointer or the focus is on it. */
  isHot: boolean;
  isFull: boolean;
  /** Shows a string as a whole, or no longer. */
  lengthen(node: JsonNode): void;
}

const Quiet = ({ children }: { children: ReactNode }) => <span className="text-muted">{children}</span>;

function Marks({ marks }: { marks: readonly JsonMark[] }) {
  return (
    <>
      {marks.slice(0, MARKS_MAX).map(({ label }, index) => (
        <Badge key={index} tone="accent" className="ms-2 align-middle font-sans">
          {label}
        </Badge>
      ))}
      {marks.length > MARKS_MAX && (
        <Badge tone="accent" className="ms-2 align-middle font-sans">
          +{marks.length - MARKS_MAX}
        </Badge>
      )}
    </>
  );
}

function Key({ text }: { text: string }) {
  return (
    <>
      <bdi dir="auto" className={tokenLook.name}>
        "{written(cut(text, KEY_CHARS_MAX))}"
      </bdi>
      <Quiet>: </Quiet>
    </>
  );
}

function comma({ parent, index }: JsonNode): string {
  return parent?.children !== undefined && index < parent.children.length - 1 ? "," : "";
}

function Container({ node, isOpen, placed }: { node: JsonNode; isOpen: boolean; placed: JsonMarks }) {
  const [begin, end] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  if (isOpen) return <Quiet>{begin}</Quiet>;
  const count = node.children?.length ?? 0;
  const told = (node.kind === "object" ? words.members : words.items)(count, formatExact(count));
  return (
    <>
      <Quiet>{begin}</Quiet>
      {isFoldable(node, placed) && <span className="px-1 font-sans text-11 text-faint">{told}</span>}
      <Quiet>
        {end}
        {comma(node)}
      </Quiet>
    </>
  );
}

function Value({
  doc,
  row,
  placed,
  isFull,
  lengthen,
}: JsonRowViewProps & { row: JsonRow & { kind: "value" } }) {
  const { node, isOpen, marks, hidden } = row;
  const isContainer = node.children !== undefined;
  const raw = isContainer ? "" : rawOf(doc, node);
  return (
    <>
      {node.key !== undefined && <Key text={node.key} />}
      {isContainer && <Container node={node} isOpen={isOpen} placed={placed} />}
      {node.kind === "string" && (
        <JsonString
          text={decodeString(raw)}
          marks={marks}
          isFull={isFull}
          after={comma(node)}
          onToggle={() => lengthen(node)}
        />
      )}
      {!isContainer && node.kind !== "string" && (
        <span className={node.kind === "number" ? tokenLook.number : tokenLook.keyword}>
          {isFull ? raw : cut(raw, NUMBER_CHARS_MAX)}
        </span>
      )}
      {!isContainer && node.kind !== "string" && <Quiet>{comma(node)}</Quiet>}
      {node.isRepeated === true && (
        <Badge tone="warn" className="ms-2 align-middle font-sans">
          {words.repeated}
        </Badge>
      )}
      <Marks marks={marks} />
      {hidden > 0 && (
        <Badge tone="accent" className="ms-2 align-middle font-sans">
          {words.redactedInside(hidden)}
        </Badge>
      )}
    </>
  );
}

function Content(props: JsonRowViewProps) {
  const { row } = props;
  switch (row.kind) {
    case "value":
      return <Value {...props} row={row} />;
    case "gone":
      return (
        <>
          <Key text={row.steps.join("/")} />
          <span className="font-sans text-11 text-faint">{words.removed}</span>
          <Marks marks={[row.mark]} />
        </>
      );
    case "more":
      return (
        <span className="rounded-4 bg-raised px-1.5 font-sans text-11 text-muted">
          {words.showMore(formatExact(Math.min(PAGE, row.left)), formatExact(row.left))}
        </span>
      );
    case "close":
      return (
        <Quiet>
          {row.node.kind === "object" ? "}" : "]"}
          {comma(row.node)}
        </Quiet>
      );
  }
}

/** What a row gives to the clipboard: a string as what it says, anything else as it was sent. */
export function copyOf(doc: JsonDocument, { node }: JsonRow): string {
  return node.kind === "string" ? decodeString(rawOf(doc, node)) : rawOf(doc, node);
}

/** The buttons of the row that the pointer or the focus is on. */
function RowButtons({ doc, row }: { doc: JsonDocument; row: JsonRow }) {
  const pointer = pointerOf(row);
  return (
    <span className="absolute end-0 top-0 flex rounded-4 bg-raised ps-1 font-sans">
      {row.kind === "value" && (
        <Copy iconOnly className="size-6" label={words.copyValue} value={copyOf(doc, row)} />
      )}
      {/* That of the whole document is empty. */}
      {pointer !== "" && (
        <Copy iconOnly icon={Link2} className="size-6" label={words.copyPointer} value={pointer} />
      )}
    </span>
  );
}

/** How a row stands among the others, for screen readers. */
function ariaOf(row: JsonRow, isBranch: boolean) {
  const siblings = row.node.parent?.children?.length ?? 1;
  return {
    "aria-level": levelOf(row) + 1,
    ...(row.kind === "value" && { "aria-setsize": siblings, "aria-posinset": row.node.index + 1 }),
    ...(row.kind === "value" && isBranch && { "aria-expanded": row.isOpen }),
  };
}

export const JsonRowView = memo(function JsonRowView(props: JsonRowViewProps) {
  const { doc, row, placed, treeId, isActive, isHot } = props;
  const level = levelOf(row);
  const indent = { paddingInlineStart: `${Math.min(level, INDENT_LEVELS_MAX) * INDENT_PX + 20}px` };
  const depth = level > INDENT_LEVELS_MAX && (
    <span
      aria-hidden="true"
      title={words.level(level)}
      className="me-2 select-none font-sans text-11 text-faint"
    >
      {level}
    </span>
  );
  if (row.kind === "close") {
    return (
      <div aria-hidden="true" style={indent} className="min-h-6">
        {depth}
        <Content {...props} />
      </div>
    );
  }
  const isBranch = row.kind === "value" && isFoldable(row.node, placed);
  const nameId = `${treeId}-${row.id}`;
  return (
    <div
      role="treeitem"
      data-row={row.id}
      tabIndex={isActive ? 0 : -1}
      aria-labelledby={nameId}
      {...ariaOf(row, isBranch)}
      style={indent}
      className={cx(
        "relative min-h-6 rounded-4 focus-visible:-outline-offset-2",
        isHot && "bg-raised",
        (isBranch || row.kind === "more") && "cursor-pointer",
      )}
    >
      {isBranch && (
        <span
          aria-hidden="true"
          style={{ insetInlineStart: `${Math.min(level, INDENT_LEVELS_MAX) * INDENT_PX}px` }}
          className="absolute top-0 grid h-6 w-5 place-items-center text-faint"
        >
          <ChevronRight
            className={cx("size-3.5 transition-transform duration-100", row.isOpen && "rotate-90")}
          />
        </span>
      )}
      <span id={nameId}>
        {depth}
        <Content {...props} />
      </span>
      {isHot && row.kind !== "more" && <RowButtons doc={doc} row={row} />}
    </div>
  );
});
