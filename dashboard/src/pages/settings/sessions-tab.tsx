import { CircleHelp, Laptop, type LucideIcon, Smartphone, SquareTerminal, Tablet } from "lucide-react";
import { useState } from "react";
import { $api, api, invalidate, queryClient, type Schemas, stopRenewing } from "@/api";
import {
  Badge,
  Button,
  ConfirmDialog,
  Foreign,
  Link,
  Mono,
  Query,
  SkeletonTable,
  Table,
  Time,
  toast,
} from "@/ui";
import { type Device, deviceOf } from "./device";
import { Section } from "./section";
import { words } from "./words";

const text = words.sessions;
type Session = Schemas["MySession"];

const icons: Record<Device["kind"], LucideIcon> = {
  computer: Laptop,
  phone: Smartphone,
  tablet: Tablet,
  program: SquareTerminal,
  unknown: CircleHelp,
};

/** Whoever signs out has nothing left here: the page begins anew, and asks who it is. */
async function signOut(path: "/auth/logout" | "/auth/logout-all"): Promise<void> {
  await api.POST(path);
  stopRenewing();
  queryClient.clear();
  window.location.assign("/login");
}

export function SessionsTab() {
  const query = $api.useQuery("get", "/me/sessions");
  const [ending, setEnding] = useState<Session>();
  const [isLeaving, setLeaving] = useState(false);
  const sessions = query.data?.items ?? [];

  async function end(session: Session) {
    if (session.is_current) return signOut("/auth/logout");
    await api.DELETE("/me/sessions/{id}", { params: { path: { id: session.id } } });
    toast.good(text.ended);
    return invalidate("/me/sessions");
  }

  return (
    <div className="flex flex-col gap-4">
      <Section
        title={text.title}
        help={text.help}
        actions={
          <Button size="sm" onClick={() => setLeaving(true)}>
            {text.signOutEverywhere}
          </Button>
        }
      >
        <Query query={query} skeleton={<SkeletonTable rows={3} columns={4} />}>
          {({ items }) => <Sessions sessions={items} onEnd={setEnding} />}
        </Query>
      </Section>
      <p className="text-12 text-muted">
        {text.notYours}{" "}
        <Link to="/settings" search={{ tab: "profile" } as never}>
          {text.changePassword}
        </Link>
      </p>
      <ConfirmDialog
        open={ending !== undefined}
        onClose={() => setEnding(undefined)}
        title={text.endTitle}
        body={ending && text.endBody(ending.is_current ? text.current : deviceOf(ending.user_agent).name)}
        action={text.endAction}
        danger
        onConfirm={() => ending && end(ending)}
      />
      <ConfirmDialog
        open={isLeaving}
        onClose={() => setLeaving(false)}
        title={text.everywhereTitle}
        body={text.everywhereBody(sessions.length)}
        action={text.signOutEverywhere}
        danger
        onConfirm={() => signOut("/auth/logout-all")}
      />
    </div>
  );
}

function Sessions({ sessions, onEnd }: { sessions: Session[]; onEnd(session: Session): void }) {
  return (
    <Table
      label={text.table}
      rows={sessions}
      rowKey={(session) => session.id}
      columns={[
        {
          key: "device",
          header: text.columns.device,
          primary: true,
          cell: (session) => <DeviceName session={session} />,
        },
        {
          key: "address",
          header: text.columns.address,
          cell: ({ address }) =>
            address == null ? <span className="text-faint">{text.noAddress}</span> : <Mono>{address}</Mono>,
        },
        {
          key: "seen",
          header: text.columns.seen,
          cell: (session) => <Time value={session.last_seen_at} style="relative" />,
        },
        {
          key: "since",
          header: text.columns.since,
          hideOnPhone: true,
          cell: (session) => <Time value={session.created_at} style="datetime" />,
        },
        {
          key: "end",
          header: text.end,
          align: "right",
          width: "6rem",
          cell: (session) => (
            <Button
              size="sm"
              onClick={() => onEnd(session)}
              aria-label={`${text.end}: ${session.is_current ? text.current : deviceOf(session.user_agent).name}`}
            >
              {text.end}
            </Button>
          ),
        },
      ]}
    />
  );
}

function DeviceName({ session }: { session: Session }) {
  const device = deviceOf(session.user_agent);
  const Icon = icons[device.kind];
  return (
    <span
      className="inline-flex min-w-0 flex-wrap items-center gap-2"
      title={session.user_agent ?? undefined}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <Foreign>{device.name}</Foreign>
      {session.is_current && <Badge tone="accent">{text.current}</Badge>}
    </span>
  );
}
