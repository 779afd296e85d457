import { Plus } from "lucide-react";
import { $api, type Schemas, usePages, useSession } from "@/api";
import { oneOf, optional, useUrlState } from "@/lib/url-state";
import {
  Badge,
  Button,
  Card,
  Delayed,
  Empty,
  Foreign,
  Mono,
  MorePages,
  Problem,
  Segmented,
  SkeletonTable,
  Table,
  Time,
} from "@/ui";
import { lazily } from "@/ui/lazily";
import { Section } from "./section";
import { words } from "./words";

// These come once somebody asks for them.
const HoldDialog = lazily(() => import("./hold-dialog"), "HoldDialog");
const PlaceHoldDialog = lazily(() => import("./place-hold-dialog"), "PlaceHoldDialog");
const ReleaseDialog = lazily(() => import("./release-dialog"), "ReleaseDialog");

const text = words.holds;
type Hold = Schemas["LegalHold"];

const FILTERS = ["active", "released", "all"] as const;
type Filter = (typeof FILTERS)[number];
/** What the address says of a hold that is placed; no hold has this id. */
const NEW = "new";
const NAMES_MAX = 500;
const REASON_CHARS_MAX = 120;

export function HoldsCard() {
  const { can } = useSession();
  if (!can("audit:read")) {
    return (
      <Card title={text.title}>
        <p className="text-muted">{text.mayNotRead}</p>
      </Card>
    );
  }
  return <Holds mayChange={can("organisation:manage")} />;
}

function Holds({ mayChange }: { mayChange: boolean }) {
  const [url, setUrl] = useUrlState({
    holds: oneOf(FILTERS, "active"),
    hold: optional(),
    release: optional(),
  });
  const holds = usePages("/api/v1/legal-holds", {
    params: url.holds === "all" ? {} : { active: url.holds === "active" },
  });
  const systems = $api.useQuery("get", "/api/v1/ai-systems", { params: { query: { limit: NAMES_MAX } } });
  const names = new Map(systems.data?.items.map((system) => [system.ai_id, system.name]));
  const opened = holds.items.find((hold) => hold.id === url.hold);
  const releasing = holds.items.find((hold) => hold.id === url.release && hold.release == null);

  return (
    <Section
      title={text.title}
      help={text.help}
      actions={
        <>
          <Segmented
            label={text.filter}
            value={url.holds}
            onChange={(value) => setUrl({ holds: value as Filter })}
            options={FILTERS.map((value) => ({ value, label: text.filters[value] }))}
          />
          {mayChange && (
            <Button icon={Plus} onClick={() => setUrl({ hold: NEW })}>
              {text.place}
            </Button>
          )}
        </>
      }
    >
      {holds.error && holds.items.length === 0 ? (
        <Problem error={holds.error} onRetry={() => void holds.refetch()} />
      ) : holds.isPending ? (
        <Delayed>
          <SkeletonTable rows={3} columns={4} />
        </Delayed>
      ) : holds.items.length === 0 ? (
        <Card>
          <Empty title={url.holds === "active" ? text.none : text.noneOther}>
            {url.holds === "active" && text.noneHelp}
          </Empty>
        </Card>
      ) : (
        <>
          <HoldsTable
            holds={holds.items}
            names={names}
            onOpen={(hold) => setUrl({ hold: hold.id })}
            onRelease={mayChange ? (hold) => setUrl({ release: hold.id }) : undefined}
          />
          <MorePages query={holds} />
        </>
      )}
      {opened && <HoldDialog hold={opened} names={names} onClose={() => setUrl({ hold: undefined })} />}
      {mayChange && url.hold === NEW && (
        <PlaceHoldDialog systems={systems.data?.items ?? []} onClose={() => setUrl({ hold: undefined })} />
      )}
      {mayChange && releasing && (
        <ReleaseDialog hold={releasing} onClose={() => setUrl({ release: undefined })} />
      )}
    </Section>
  );
}

interface TableProps {
  holds: Hold[];
  names: ReadonlyMap<string, string>;
  onOpen(hold: Hold): void;
  onRelease: ((hold: Hold) => void) | undefined;
}

function HoldsTable({ holds, names, onOpen, onRelease }: TableProps) {
  return (
    <Table
      label={text.table}
      rows={holds}
      rowKey={(hold) => hold.id}
      onRowOpen={onOpen}
      columns={[
        {
          key: "covers",
          header: text.columns.covers,
          primary: true,
          cell: (hold) => <Covers hold={hold} names={names} />,
        },
        {
          key: "reason",
          header: text.columns.reason,
          cell: (hold) => (
            <span className="text-muted">
              <Foreign max={REASON_CHARS_MAX}>
                {hold.name == null ? hold.reason : `${hold.name}: ${hold.reason}`}
              </Foreign>
            </span>
          ),
        },
        {
          key: "state",
          header: text.columns.state,
          width: "7rem",
          cell: (hold) => <HoldState hold={hold} />,
        },
        {
          key: "placed",
          header: text.columns.placed,
          width: "8rem",
          cell: (hold) => <Time value={hold.placed_at} style="relative" />,
        },
      ]}
      menu={(hold) => [
        { label: text.details, onSelect: () => onOpen(hold) },
        ...(onRelease !== undefined && hold.release == null
          ? [{ label: text.release, danger: true, onSelect: () => onRelease(hold) }]
          : []),
      ]}
    />
  );
}

/** What a hold covers: everything, or an AI system by its name where it is registered. */
export function Covers({ hold, names }: { hold: Hold; names: ReadonlyMap<string, string> }) {
  if (hold.ai_id == null) return <span className="font-medium">{text.everything}</span>;
  const name = names.get(hold.ai_id);
  return name === undefined ? <Mono truncate>{hold.ai_id}</Mono> : <Foreign>{name}</Foreign>;
}

export function HoldState({ hold }: { hold: Hold }) {
  return hold.release == null ? (
    <Badge tone="info" dot>
      {text.active}
    </Badge>
  ) : (
    <Badge tone="neutral">{text.released}</Badge>
  );
}
