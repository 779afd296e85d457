/** The register of AI systems. */
import { useNavigate } from "@tanstack/react-router";
import { Cpu, Plus, Search } from "lucide-react";
import { $api, usePages, useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { flag, optional, text, useUrlState } from "@/lib/url-state";
import { Button, Code, Empty, Link, MorePages, Page, Query, SearchInput, SkeletonTable } from "@/ui";
import { EditSystem } from "./edit-system";
import { OfSystem } from "./of-system";
import { RegisterSystem } from "./register-system";
import { RemoveSystem } from "./remove-system";
import { isFound, unregistered } from "./rules";
import { SystemTable } from "./system-table";
import { Unregistered } from "./unregistered";
import { words } from "./words";

const PAGE_SYSTEMS = 500;
/** As many as the metrics tell at once. */
const COUNTED_MAX = 100;

export default function AiSystemsPage() {
  const { can } = useSession();
  const navigate = useNavigate();
  const [state, setState] = useUrlState({
    q: text(""),
    new: flag(),
    ai_id: optional(),
    edit: optional(),
    remove: optional(),
  });
  const pages = usePages("/api/v1/ai-systems", { limit: PAGE_SYSTEMS });
  const counted = $api.useQuery("get", "/api/v1/metrics/top-ai-systems", {
    params: { query: { period: "7d", limit: COUNTED_MAX } },
  });
  const organisation = $api.useQuery("get", "/api/v1/organisation");
  const isAllowed = can("keys:manage");
  const recorded = counted.data?.items ?? [];
  const seen = unregistered(recorded, pages.items, pages.isSuccess && !pages.hasNextPage);
  const shown = pages.items.filter((system) => isFound(system, state.q));

  const register = (aiId?: string) => setState({ new: true, ai_id: aiId });
  const close = () => setState({ new: false, ai_id: undefined, edit: undefined, remove: undefined });
  useHotkeys({ c: { run: () => register(), label: words.register } }, { enabled: isAllowed });

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        isAllowed && (
          <Button variant="primary" icon={Plus} onClick={() => register()}>
            {words.register}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {pages.items.length > 0 && (
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
            <div className="w-full sm:w-80">
              <SearchInput
                label={words.search}
                value={state.q}
                onSettle={(q) => setState({ q }, { replace: true })}
              />
            </div>
            {organisation.data && (
              <p className="text-12 text-muted">
                {organisation.data.registered_systems_only
                  ? words.onlyRegistered.on
                  : words.onlyRegistered.off}{" "}
                {can("organisation:manage") && <Link to="/settings">{words.onlyRegistered.settings}</Link>}
              </p>
            )}
          </div>
        )}
        <Query query={pages} skeleton={<SkeletonTable rows={4} columns={6} />}>
          {() =>
            pages.items.length === 0 ? (
              <NoSystems onRegister={isAllowed ? () => register() : undefined} />
            ) : (
              <>
                <SystemTable
                  systems={shown}
                  events={new Map(recorded.map(({ ai_id, events }) => [ai_id, events]))}
                  onEdit={(system) => setState({ edit: system.ai_id })}
                  onRemove={(system) => setState({ remove: system.ai_id })}
                  empty={<NoneFound loaded={pages.items.length} onClear={() => setState({ q: "" })} />}
                />
                <MorePages query={pages} />
              </>
            )
          }
        </Query>
        {seen.length > 0 && <Unregistered seen={seen} onRegister={register} />}
      </div>

      {state.new && isAllowed && (
        <RegisterSystem
          aiId={state.ai_id}
          onClose={close}
          onRegistered={(system) => void navigate({ to: "/ai-systems/$id", params: { id: system.ai_id } })}
        />
      )}
      {isAllowed && (
        <>
          <OfSystem id={state.edit} loaded={pages.items} onClose={close}>
            {(system) => <EditSystem of={system} onClose={close} />}
          </OfSystem>
          <OfSystem id={state.remove} loaded={pages.items} onClose={close}>
            {(system) => <RemoveSystem of={system} onClose={close} />}
          </OfSystem>
        </>
      )}
    </Page>
  );
}

function NoneFound({ loaded, onClear }: { loaded: number; onClear(): void }) {
  return (
    <Empty
      icon={Search}
      title={words.noneFound.title}
      action={<Button onClick={onClear}>{words.noneFound.action}</Button>}
    >
      {words.noneFound.body(loaded)}
    </Empty>
  );
}

function NoSystems({ onRegister }: { onRegister: (() => void) | undefined }) {
  return (
    <Empty
      icon={Cpu}
      title={words.empty.title}
      action={
        onRegister && (
          <Button variant="primary" icon={Plus} onClick={onRegister}>
            {words.register}
          </Button>
        )
      }
    >
      <p>{words.empty.body}</p>
      <Code language="sh">{words.empty.command}</Code>
    </Empty>
  );
}
