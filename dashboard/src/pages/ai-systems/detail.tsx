/** One AI system: what is known of it, its latest events, what signs for it. Also one that records unregistered. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { Pencil, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { $api, isProblem, useSession } from "@/api";
import { visible } from "@/lib/text";
import { flag, useUrlState } from "@/lib/url-state";
import {
  Button,
  Callout,
  Card,
  DataList,
  Delayed,
  Foreign,
  Link,
  Menu,
  Mono,
  Page,
  Problem,
  Skeleton,
  Time,
} from "@/ui";
import { BoundKeys } from "./bound-keys";
import { EditSystem } from "./edit-system";
import { LatestEvents } from "./latest-events";
import { RegisterSystem } from "./register-system";
import { RemoveSystem } from "./remove-system";
import { type AiSystem, isUuid } from "./rules";
import { Environment } from "./system-table";
import { words } from "./words";

const BACK = { to: "/ai-systems", label: words.detail.back };

export default function AiSystemPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { can } = useSession();
  const navigate = useNavigate();
  const [state, setState] = useUrlState({ edit: flag(), remove: flag(), new: flag() });
  const asked = $api.useQuery("get", "/api/v1/ai-systems/{ai_id}", { params: { path: { ai_id: id } } });
  const isAllowed = can("keys:manage");
  const isUnregistered = isProblem(asked.error, "not_found") && isUuid(id);
  const system = isUnregistered ? undefined : asked.data;

  if (asked.isError && !isUnregistered && system === undefined) {
    return (
      <Page title={words.title} back={BACK}>
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      </Page>
    );
  }
  const close = () => setState({ edit: false, remove: false, new: false });
  return (
    <Page
      title={titleOf(system, isUnregistered)}
      subtitle={<Mono copy>{id}</Mono>}
      back={BACK}
      actions={
        isAllowed && (
          <Actions
            isUnregistered={isUnregistered}
            isKnown={system !== undefined}
            onRegister={() => setState({ new: true })}
            onEdit={() => setState({ edit: true })}
            onRemove={() => setState({ remove: true })}
          />
        )
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_300px]">
        <div className="flex min-w-0 flex-col gap-4">
          {isUnregistered && <Callout tone="info">{words.detail.unregistered}</Callout>}
          <LatestEvents aiId={id} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {!isUnregistered && (
            <Card title={words.detail.facts}>
              {system === undefined ? (
                <Delayed isQuiet>
                  <Skeleton className="h-40" />
                </Delayed>
              ) : (
                <DataList items={facts(system)} />
              )}
            </Card>
          )}
          {isAllowed && <BoundKeys aiId={id} />}
          {can("audit:read") && (
            <Link to="/audit" search={{ target: id } as never}>
              {words.detail.trail}
            </Link>
          )}
        </div>
      </div>
      {state.new && isAllowed && isUnregistered && (
        <RegisterSystem aiId={id} onClose={close} onRegistered={close} />
      )}
      {state.edit && isAllowed && system && <EditSystem of={system} onClose={close} />}
      {state.remove && isAllowed && system && (
        <RemoveSystem of={system} onClose={close} onRemoved={() => navigate({ to: "/ai-systems" })} />
      )}
    </Page>
  );
}

function titleOf(system: AiSystem | undefined, isUnregistered: boolean): string {
  if (isUnregistered) return words.detail.unregisteredTitle;
  return system === undefined ? words.title : visible(system.name);
}

interface ActionsProps {
  isUnregistered: boolean;
  isKnown: boolean;
  onRegister(): void;
  onEdit(): void;
  onRemove(): void;
}

function Actions({ isUnregistered, isKnown, onRegister, onEdit, onRemove }: ActionsProps) {
  if (isUnregistered) {
    return (
      <Button variant="primary" icon={Plus} onClick={onRegister}>
        {words.register}
      </Button>
    );
  }
  if (!isKnown) return null;
  return (
    <>
      <Button icon={Pencil} onClick={onEdit}>
        {words.edit}
      </Button>
      <Menu
        label={words.more}
        items={[{ label: words.remove, icon: Trash2, danger: true, onSelect: onRemove }]}
      />
    </>
  );
}

function facts(system: AiSystem): { label: string; value: ReactNode }[] {
  return [
    {
      label: words.detail.owner,
      value: system.owner ? <Foreign max={256}>{system.owner}</Foreign> : words.nobody,
    },
    { label: words.detail.environment, value: <Environment of={system} /> },
    {
      label: words.detail.description,
      value: system.description ? (
        <span className="whitespace-pre-wrap">
          <Foreign>{system.description}</Foreign>
        </span>
      ) : (
        words.nobody
      ),
    },
    { label: words.detail.registered, value: <Time value={system.created_at} style="datetime" /> },
    { label: words.detail.changed, value: <Time value={system.updated_at} style="datetime" /> },
  ];
}
