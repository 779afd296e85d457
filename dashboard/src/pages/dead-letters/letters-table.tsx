import { useNavigate } from "@tanstack/react-router";
import { RotateCcw, SquareArrowOutUpRight } from "lucide-react";
import type { Schemas } from "@/api";
import { Badge, Checkbox, Foreign, Mono, Table, Time, VisuallyHidden } from "@/ui";
import { explain, isPickable, toneOf } from "./reasons";
import { words } from "./words";

type Letter = Schemas["DeadLetter"];

interface Props {
  letters: Letter[];
  picked: ReadonlySet<string>;
  onPick(id: string, on: boolean): void;
  onRedrive(id: string): void;
}

const DETAIL_CHARS_MAX = 160;

export function LettersTable({ letters, picked, onPick, onRedrive }: Props) {
  const navigate = useNavigate();
  const open = (letter: Letter) => void navigate({ to: "/dead-letters/$id", params: { id: letter.id } });
  return (
    <Table
      label={words.table}
      rows={letters}
      rowKey={(letter) => letter.id}
      rowHref={(letter) => ({ to: "/dead-letters/$id", params: { id: letter.id } })}
      columns={[
        {
          key: "select",
          header: words.columns.select,
          width: "4.5rem",
          cell: (letter) =>
            isPickable(letter) && (
              <Checkbox
                label={<VisuallyHidden>{words.selectOne(letter.id)}</VisuallyHidden>}
                className="pointer-coarse:-my-2.5"
                checked={picked.has(letter.id)}
                onChange={(on) => onPick(letter.id, on)}
              />
            ),
        },
        {
          key: "reason",
          header: words.columns.reason,
          primary: true,
          width: "12rem",
          cell: (letter) => <Reason of={letter} />,
        },
        {
          key: "detail",
          header: words.columns.detail,
          cell: (letter) => (
            <span className="text-muted">
              <Foreign max={DETAIL_CHARS_MAX}>{letter.detail}</Foreign>
            </span>
          ),
        },
        {
          key: "ai",
          header: words.columns.aiSystem,
          width: "8rem",
          hideOnPhone: true,
          cell: (letter) => <Id of={letter.ai_id} />,
        },
        {
          key: "event",
          header: words.columns.event,
          width: "8rem",
          hideOnPhone: true,
          cell: (letter) => <Id of={letter.event_id} />,
        },
        { key: "state", header: words.columns.state, width: "9rem", cell: (letter) => <State of={letter} /> },
        {
          key: "at",
          header: words.columns.at,
          width: "8rem",
          align: "right",
          cell: (letter) => <Time value={letter.at} style="relative" />,
        },
      ]}
      menu={(letter) => [
        { label: words.openLetter, icon: SquareArrowOutUpRight, onSelect: () => open(letter) },
        {
          label: words.redrive,
          icon: RotateCcw,
          disabled: !letter.redrivable,
          onSelect: () => onRedrive(letter.id),
        },
      ]}
    />
  );
}

export function Reason({ of }: { of: Pick<Letter, "reason"> }) {
  return <Badge tone={toneOf(of.reason)}>{explain(of.reason).label}</Badge>;
}

export function State({ of }: { of: Pick<Letter, "state" | "redriven" | "redrives"> }) {
  return (
    <span className="flex flex-wrap items-center gap-1">
      {of.state === "redriven" ? (
        <Badge tone="good" dot>
          {words.redriven}
        </Badge>
      ) : (
        <Badge tone="warn" dot>
          {words.open}
        </Badge>
      )}
      {of.redrives > 0 && <span className="text-12 text-muted">{words.again(of.redrives)}</span>}
    </span>
  );
}

function Id({ of }: { of: string | null | undefined }) {
  return of == null ? (
    <span className="text-faint">{words.nobody}</span>
  ) : (
    <span className="flex max-w-36">
      <Mono truncate>{of}</Mono>
    </span>
  );
}
