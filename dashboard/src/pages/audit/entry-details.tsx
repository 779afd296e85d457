/** `?entry=ID`: all that is known of an entry, and what it changed. */
import { ChevronDown, ChevronUp } from "lucide-react";
import type { ReactNode } from "react";
import { usePages } from "@/api";
import { Badge, Button, DataList, Drawer, Foreign, IconButton, Json, LinkTo, Mono, Time } from "@/ui";
import { changesOf, hasBefore } from "./changes";
import {
  actorText,
  detailOf,
  type Entry,
  fieldName,
  fieldText,
  type Names,
  nounOf,
  targetText,
} from "./entry";
import { EntrySentence } from "./entry-sentence";
import { actorKey, type Filter, pageOf } from "./filter";
import { words } from "./words";

interface Props {
  of: Entry;
  names: Names;
  onClose(): void;
  onFilter(filter: Partial<Filter>): void;
  /** To the entry above and to the one below, where there is one. */
  onNewer: (() => void) | undefined;
  onOlder: (() => void) | undefined;
}

export function EntryDetails({ of, names, onClose, onFilter, onNewer, onOlder }: Props) {
  const detail = detailOf(of);
  return (
    <Drawer
      open
      onClose={onClose}
      focus="stay"
      title={<Mono>{of.action}</Mono>}
      actions={
        <>
          <IconButton
            size="sm"
            icon={ChevronUp}
            label={words.details.previous}
            shortcut="k"
            disabled={onNewer === undefined}
            onClick={onNewer}
          />
          <IconButton
            size="sm"
            icon={ChevronDown}
            label={words.details.next}
            shortcut="j"
            disabled={onOlder === undefined}
            onClick={onOlder}
          />
        </>
      }
    >
      <div className="flex flex-col gap-6 p-4">
        <p className="text-14 text-muted">
          <EntrySentence of={of} names={names} />
        </p>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => onFilter({ actor: actorKey(of.actor) })}>
            {words.details.byThem}
          </Button>
          {of.target.id !== "" && (
            <Button size="sm" onClick={() => onFilter({ target: of.target.id })}>
              {words.details.toIt}
            </Button>
          )}
        </div>
        <DataList items={facts(of, names)} />
        {Object.keys(detail).length > 0 && <Changes of={of} />}
        <Part title={words.details.raw}>
          <Json value={of} collapsedDepth={2} />
        </Part>
      </div>
    </Drawer>
  );
}

function facts(of: Entry, names: Names): { label: string; value: ReactNode }[] {
  const page = pageOf(of.target);
  return [
    { label: words.details.at, value: <Time value={of.at} style="datetime" /> },
    {
      label: words.details.result,
      value:
        of.result === "failure" ? (
          <Badge tone="bad">{words.details.failure}</Badge>
        ) : (
          <Badge tone="good">{words.details.success}</Badge>
        ),
    },
    {
      label: words.details.actor,
      value: (
        <>
          <Foreign max={320}>{actorText(of.actor)}</Foreign>
          <span className="block text-12 text-faint">
            {words.details.kinds[of.actor.kind] ?? of.actor.kind}
          </span>
        </>
      ),
    },
    { label: words.details.actorId, value: <Mono copy>{of.actor.id}</Mono> },
    {
      label: words.details.target,
      value: (
        <>
          {page ? (
            <LinkTo target={page}>
              <Foreign max={200}>{targetText(of, names)}</Foreign>
            </LinkTo>
          ) : (
            <Foreign max={200}>{targetText(of, names)}</Foreign>
          )}
          <span className="block text-12 text-faint">
            {of.target.kind}
            {targetText(of, names) !== of.target.id && (
              <>
                {" "}
                <Mono>{of.target.id}</Mono>
              </>
            )}
          </span>
        </>
      ),
    },
    ...(of.address ? [{ label: words.details.address, value: <Mono copy>{of.address}</Mono> }] : []),
    ...(of.request_id ? [{ label: words.details.request, value: <Mono copy>{of.request_id}</Mono> }] : []),
    { label: words.details.id, value: <Mono copy>{of.id}</Mono> },
  ];
}

const HISTORY_ENTRIES = 100;

/** Each field that the entry names; beside it what an earlier entry of the same target said. */
function Changes({ of }: { of: Entry }) {
  const isCompared = hasBefore(of);
  const history = usePages("/api/v1/audit", {
    params: { target: of.target.id, action: nounOf(of.action), to: of.at },
    limit: HISTORY_ENTRIES,
    enabled: isCompared && of.target.id !== "",
  });
  const changes = changesOf(of, history.items);
  const showsBefore = isCompared && changes.some(({ before }) => before !== undefined);
  return (
    <Part title={words.details.changes} hint={showsBefore ? words.details.beforeHint : undefined}>
      <div className="relative overflow-x-auto rounded-8 border">
        <table aria-label={words.details.changes} className="w-full border-separate border-spacing-0 text-13">
          <thead>
            <tr>
              <Head>{words.details.field}</Head>
              {showsBefore && <Head>{words.details.before}</Head>}
              <Head>{words.details.after}</Head>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field} className="group/row align-top">
                <th
                  scope="row"
                  className="border-b px-3 py-2 text-start font-normal text-muted group-last/row:border-b-0"
                >
                  {fieldName(field)}
                </th>
                {showsBefore && (
                  <Cell>{before === undefined ? "" : <Value field={field} of={before} />}</Cell>
                )}
                <Cell>
                  <Value field={field} of={after} />
                </Cell>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

const TIME = /^\d{4}-\d{2}-\d{2}T/;

function Value({ field, of }: { field: string; of: unknown }) {
  if (typeof of === "string" && TIME.test(of)) return <Time value={of} style="datetime" />;
  if (typeof of === "object" && of !== null && !isWords(of)) return <Json value={of} collapsedDepth={2} />;
  return <Foreign max={500}>{fieldText(field, of)}</Foreign>;
}

function isWords(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function Head({ children }: { children: string }) {
  return (
    <th scope="col" className="h-8 border-b bg-canvas px-3 text-start font-medium text-12 text-muted">
      {children}
    </th>
  );
}

function Cell({ children }: { children: ReactNode }) {
  return <td className="break-words border-b px-3 py-2 text-ink group-last/row:border-b-0">{children}</td>;
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h3 className="font-semibold text-13 text-ink">{title}</h3>
      {hint !== undefined && <p className="text-12 text-muted">{hint}</p>}
      {children}
    </section>
  );
}
