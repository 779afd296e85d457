import {
  CircleAlert,
  CloudOff,
  Hourglass,
  Lock,
  type LucideIcon,
  RefreshCw,
  SearchX,
  ServerOff,
  WifiOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { Copy } from "./copy";
import { cx } from "./cx";
import { Foreign } from "./foreign";
import { type ProblemKind, type ProblemText, problemText } from "./problem-text";
import { problems } from "./words";

export interface ProblemProps {
  error: unknown;
  onRetry?(): void;
  /** In a dialog or at the end of a list, instead of a page. */
  compact?: boolean;
}

const icons: Record<ProblemKind, LucideIcon> = {
  offline: WifiOff,
  forbidden: Lock,
  missing: SearchX,
  wait: Hourglass,
  unavailable: CloudOff,
  outdated: RefreshCw,
  broken: ServerOff,
};

/** What went wrong, and what to do about it; with the code and the request id, for whoever is asked. */
export function Problem({ error, onRetry, compact = false }: ProblemProps) {
  const problem = problemText(error);
  const action = <Action problem={problem} onRetry={onRetry} size={compact ? "sm" : "md"} />;
  return compact ? (
    <Compact problem={problem} action={action} />
  ) : (
    <Whole problem={problem} action={action} />
  );
}

interface PartProps {
  problem: ProblemText;
  action: ReactNode;
}

function Whole({ problem, action }: PartProps) {
  const Icon = icons[problem.kind];
  return (
    <div
      role="alert"
      className="flex flex-col items-center gap-3 rounded-8 border bg-surface px-4 py-10 text-center"
    >
      <span
        className={cx(
          "grid size-10 place-items-center rounded-8",
          problem.kind === "broken" ? "bg-bad-soft text-bad" : "border bg-raised text-muted",
        )}
      >
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <div className="min-w-0 max-w-lg">
        <p className="break-words font-semibold text-14">{problem.title}</p>
        <Words problem={problem} className="mt-1 text-muted" />
      </div>
      {action}
      <Reference problem={problem} className="justify-center" />
    </div>
  );
}

function Compact({ problem, action }: PartProps) {
  return (
    <div role="alert" className="flex items-start gap-2.5 rounded-8 bg-bad-soft px-3 py-2.5 text-bad">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-1.5">
        <div className="min-w-0 max-w-full">
          <p className="break-words font-medium">{problem.title}</p>
          <Words problem={problem} />
        </div>
        {action}
        <Reference problem={problem} className="text-ink" />
      </div>
    </div>
  );
}

const DETAIL_CHARS_MAX = 600;
const FAULTS_MAX = 5;

function Words({ problem, className }: { problem: ProblemText; className?: string }) {
  const { faults } = problem;
  const shown = faults.slice(0, FAULTS_MAX);
  return (
    <div className={cx("break-words", className)}>
      {sentencesOf(problem).map((sentence) => (
        <p key={sentence}>
          <Foreign max={DETAIL_CHARS_MAX}>{sentence}</Foreign>
        </p>
      ))}
      {shown.length > 0 && (
        <ul className="mt-1 list-disc ps-4 text-start">
          {shown.map((fault, index) => (
            <li key={index}>
              {fault.pointer && (
                <code className="text-12">
                  <Foreign max={80}>{fault.pointer}</Foreign>
                </code>
              )}{" "}
              <Foreign max={200}>{fault.detail}</Foreign>
            </li>
          ))}
          {faults.length > shown.length && <li>{problems.more(faults.length - shown.length)}</li>}
        </ul>
      )}
    </div>
  );
}

/** What the gateway says, then what to do; of a page that broke what to do, then what broke. */
function sentencesOf({ text, detail, code }: ProblemText): string[] {
  if (detail === undefined || detail === text) return [text];
  return code === undefined ? [text, detail] : [detail, text];
}

/** The words under which the log knows it. */
function Reference({ problem, className }: { problem: ProblemText; className?: string }) {
  const { code, requestId } = problem;
  if (code === undefined && requestId === undefined) return null;
  return (
    <p className={cx("flex max-w-full flex-wrap items-center gap-x-3 text-12 text-faint", className)}>
      {code !== undefined && (
        <span>
          {problems.code} <code>{code}</code>
        </span>
      )}
      {requestId !== undefined && (
        <span className="inline-flex min-w-0 max-w-full items-center gap-1">
          <span className="min-w-0 break-all">
            {problems.request} <code>{requestId}</code>
          </span>
          <Copy iconOnly value={requestId} label={problems.copyRequest} />
        </span>
      )}
    </p>
  );
}

interface ActionProps {
  problem: ProblemText;
  onRetry: (() => void) | undefined;
  size: "sm" | "md";
}

function Action({ problem, onRetry, size }: ActionProps) {
  const isOfPage = problem.kind === "outdated" || (problem.code === undefined && problem.kind === "broken");
  if (onRetry !== undefined && (problem.canRetry || problem.kind === "broken")) {
    return (
      <Button size={size} icon={RefreshCw} onClick={onRetry}>
        {problems.retry}
      </Button>
    );
  }
  if (!isOfPage || size === "sm") return null;
  return (
    <Button size={size} icon={RefreshCw} onClick={() => window.location.reload()}>
      {problems.reload}
    </Button>
  );
}
