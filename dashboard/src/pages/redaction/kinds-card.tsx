import { ArrowRight } from "lucide-react";
import { Badge, Card, Segmented } from "@/ui";
import { defaultMode, KINDS, type Kind, MODES, type Mode, standIn } from "./kinds";
import { words } from "./words";

interface Props {
  modes: Readonly<Record<Kind, Mode>>;
  /** Absent: this person may look, and not change. */
  onChange: ((kind: Kind, mode: Mode) => void) | undefined;
}

/** One row for each kind: what it is, and the switch of what becomes of it. */
export function KindsCard({ modes, onChange }: Props) {
  return (
    <Card title={words.kindsTitle} padded={false}>
      <p className="border-line border-b px-4 pb-3 text-muted">{words.kindsHelp}</p>
      <ul className="divide-y divide-line">
        {KINDS.map((kind) => (
          <li key={kind} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-[1_1_16rem]">
              <h3 className="font-medium text-13">{words.kinds[kind].label}</h3>
              <p className="text-12 text-muted">{words.kinds[kind].hint}</p>
            </div>
            {onChange === undefined ? (
              <ModeBadge mode={modes[kind]} />
            ) : (
              <Segmented
                label={words.modeOf(words.kinds[kind].label)}
                value={modes[kind]}
                onChange={(mode) => onChange(kind, mode as Mode)}
                options={MODES.map((value) => ({ value, label: words.modes[value].label }))}
              />
            )}
            <Example kind={kind} mode={modes[kind]} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Example({ kind, mode }: { kind: Kind; mode: Mode }) {
  const replaced = standIn(kind, mode);
  return (
    <p className="flex min-w-0 basis-full flex-wrap items-center gap-x-2 text-12 text-faint">
      <code className="font-mono break-all">{words.kinds[kind].example}</code>
      {replaced === undefined ? (
        <span>{words.stays}</span>
      ) : (
        <>
          <ArrowRight role="img" aria-label={words.becomes} className="size-3.5 shrink-0 rtl:rotate-180" />
          <code className="font-mono text-muted break-all">{replaced}</code>
        </>
      )}
      {mode === defaultMode(kind) && <span>({words.isDefault})</span>}
    </p>
  );
}

export function ModeBadge({ mode }: { mode: Mode }) {
  return <Badge tone={mode === "off" ? "warn" : "good"}>{words.modes[mode].label}</Badge>;
}
