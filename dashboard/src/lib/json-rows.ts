/** A JSON document as the rows of a tree: which are seen when some values are open, and what is marked in them. */
import { type JsonDocument, type JsonNode, stepsOf } from "./json-text";
import { formatPointer, parsePointer } from "./pointer";

/** Something to be said of a place, such as that it was redacted. */
export interface JsonMark {
  /** RFC 6901. */
  pointer: string;
  label: string;
  /** Where in the string it stands, in characters (code points). */
  start?: number;
  end?: number;
  /** It is about the key and not about the value. */
  inKey?: boolean;
}

export type JsonRow =
  | { kind: "value"; id: string; node: JsonNode; isOpen: boolean; marks: readonly JsonMark[]; hidden: number }
  | { kind: "gone"; id: string; node: JsonNode; steps: readonly string[]; mark: JsonMark }
  | { kind: "more"; id: string; node: JsonNode; left: number }
  | { kind: "close"; id: string; node: JsonNode };

export interface JsonMarks {
  /** By the value they are about. */
  at: ReadonlyMap<number, readonly JsonMark[]>;
  /** Of what is not there any more, by the nearest value around it that is. */
  gone: ReadonlyMap<number, readonly { steps: readonly string[]; mark: JsonMark }[]>;
  /** How many there are in a value, itself not counted. */
  within: ReadonlyMap<number, number>;
}

/** Children that are shown at a time. */
export const PAGE = 100;
/** Rows that are open before anybody has opened one. */
export const FIRST_ROWS_MAX = 300;
/** Rows that "Expand all" opens. */
export const ALL_ROWS_MAX = 1000;

/** Puts each mark where it belongs. Of a key that comes twice both values are marked: nobody knows which was meant. */
export function placeMarks({ root }: JsonDocument, marks: readonly JsonMark[]): JsonMarks {
  const at = new Map<number, JsonMark[]>();
  const gone = new Map<number, { steps: string[]; mark: JsonMark }[]>();
  const within = new Map<number, number>();
  const put = <T>(map: Map<number, T[]>, node: JsonNode, item: T) => {
    const before = map.get(node.id);
    if (before === undefined) map.set(node.id, [item]);
    else before.push(item);
  };
  for (const mark of marks) {
    const steps = parsePointer(mark.pointer);
    if (root === undefined || steps === undefined) continue;
    const { nodes, missing } = walk(root, steps);
    for (const node of nodes) {
      // Of a scalar nothing can be missing: it stands for what was there.
      const isHere = missing.length === 0 || node.children === undefined;
      if (isHere) put(at, node, mark);
      else put(gone, node, { steps: missing, mark });
      const first = isHere ? node.parent : node;
      for (let around = first; around !== undefined; around = around.parent) {
        within.set(around.id, (within.get(around.id) ?? 0) + 1);
      }
    }
  }
  return { at, gone, within };
}

/** As far as the steps lead, and the steps that are left. */
function walk(root: JsonNode, steps: readonly string[]): { nodes: JsonNode[]; missing: string[] } {
  let nodes = [root];
  for (const [taken, step] of steps.entries()) {
    const next = nodes.flatMap(({ kind, children = [] }) => {
      if (kind === "object") return children.filter(({ key }) => key === step);
      const item = kind === "array" && /^(0|[1-9]\d*)$/.test(step) ? children[Number(step)] : undefined;
      return item === undefined ? [] : [item];
    });
    if (next.length === 0) return { nodes, missing: steps.slice(taken) };
    nodes = next;
  }
  return { nodes, missing: [] };
}

/** Whether there is something in it. */
export function isFoldable(node: JsonNode, marks: JsonMarks): boolean {
  return (node.children?.length ?? 0) > 0 || marks.gone.has(node.id);
}

/** The values that are open at first: those nearest to the root, as long as there are not too many rows. */
export function openTo(
  { root }: JsonDocument,
  marks: JsonMarks,
  depth: number,
  rowsMax: number,
): Set<number> {
  const open = new Set<number>();
  if (root === undefined || !isFoldable(root, marks)) return open;
  let rows = 1;
  let level = [root];
  while (level.length > 0) {
    const next: JsonNode[] = [];
    for (const node of level) {
      const shown = (node.children ?? []).slice(0, PAGE);
      if (node.depth >= depth || (rows + shown.length + 1 > rowsMax && node !== root)) continue;
      open.add(node.id);
      rows += shown.length + 1;
      next.push(...shown.filter((child) => isFoldable(child, marks)));
    }
    level = next;
  }
  return open;
}

/** The rows that are seen, top to bottom. */
export function rowsOf(
  { root }: JsonDocument,
  open: ReadonlySet<number>,
  shown: ReadonlyMap<number, number>,
  marks: JsonMarks,
): JsonRow[] {
  const rows: JsonRow[] = [];
  if (root === undefined) return rows;
  // What is left to be done, the next one last.
  const left: (JsonRow | JsonNode)[] = [root];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next.id === "string") {
      rows.push(next as JsonRow);
      continue;
    }
    const node = next as JsonNode;
    const children = node.children ?? [];
    const goneHere = marks.gone.get(node.id) ?? [];
    const isOpen = open.has(node.id) && isFoldable(node, marks);
    const hidden = isOpen ? 0 : (marks.within.get(node.id) ?? 0);
    rows.push({ kind: "value", id: `v${node.id}`, node, isOpen, marks: marks.at.get(node.id) ?? [], hidden });
    if (!isOpen) continue;
    const count = Math.min(children.length, shown.get(node.id) ?? PAGE);
    left.push({ kind: "close", id: `c${node.id}`, node });
    for (const [index, { steps, mark }] of [...goneHere.entries()].reverse()) {
      left.push({ kind: "gone", id: `g${node.id}-${index}`, node, steps, mark });
    }
    if (count < children.length)
      left.push({ kind: "more", id: `m${node.id}`, node, left: children.length - count });
    for (let index = count - 1; index >= 0; index -= 1) left.push(children[index] as JsonNode);
  }
  return rows;
}

/** Where a row is: of a value, of a container that goes on, of what was taken out. */
export function pointerOf(row: JsonRow): string {
  const steps = stepsOf(row.node);
  return formatPointer(row.kind === "gone" ? [...steps, ...row.steps] : steps);
}

/** How many a row is within. */
export function levelOf(row: JsonRow): number {
  return row.kind === "value" || row.kind === "close" ? row.node.depth : row.node.depth + 1;
}
