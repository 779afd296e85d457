/** API keys: what programs use. */

import { KeyRound, Plus, Search } from "lucide-react";
import { useState } from "react";
import { usePages, useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { flag, oneOf, optional, text, useUrlState } from "@/lib/url-state";
import { Button, Code, Empty, MorePages, Page, Query, SearchInput, Segmented, SkeletonTable } from "@/ui";
import { lazily } from "@/ui/lazily";
import { EndingSoon } from "./ending-soon";
import { KeySecret, type ShownSecret } from "./key-secret";
import { type KeyActions, KeyTable } from "./key-table";
import { OfKey } from "./of-key";
import { type ApiKey, endingSoon, isShown, mayChange, WHICH } from "./rules";
import { words } from "./words";

// These come behind the page; but not the secret, which is there once, even if nothing more can be loaded.
const CreateKey = lazily(() => import("./create-key"), "CreateKey");
const EditKey = lazily(() => import("./edit-key"), "EditKey");
const KeyDetails = lazily(() => import("./key-details"), "KeyDetails");
const RevokeKey = lazily(() => import("./revoke-key"), "RevokeKey");
const RotateKey = lazily(() => import("./rotate-key"), "RotateKey");

const FILTERS = WHICH.map((value) => ({ value, label: words.filters[value] }));
/** As many as an organisation can have that are not revoked are two of these. */
const PAGE_KEYS = 500;

export default function KeysPage() {
  const { can } = useSession();
  const [state, setState] = useUrlState({
    q: text(""),
    show: oneOf(WHICH, "usable"),
    key: optional(),
    new: flag(),
    edit: optional(),
    rotate: optional(),
    revoke: optional(),
  });
  const [secret, setSecret] = useState<ShownSecret>();
  const pages = usePages("/api/v1/keys", { limit: PAGE_KEYS });
  const now = new Date();
  const isAllowed = can("keys:manage");
  const shown = pages.items.filter((key) => isShown(key, state.show, state.q));
  const soon = endingSoon(pages.items, now).filter(({ key }) => mayChange(key, can));

  const actions: KeyActions = {
    open: (key) => setState({ key: key.id }),
    edit: (key) => setState({ edit: key.id }),
    rotate: (key) => setState({ rotate: key.id }),
    revoke: (key) => setState({ revoke: key.id }),
  };
  const create = () => setState({ new: true });
  const close = () => setState({ new: false, edit: undefined, rotate: undefined, revoke: undefined });
  useHotkeys({ c: { run: create, label: words.create } }, { enabled: isAllowed });

  function refuse(key: ApiKey): string | undefined {
    return isOver(key) ?? (mayChange(key, can) ? undefined : words.detail.tooMuch);
  }

  function show(next: ShownSecret): void {
    close();
    setSecret(next);
  }

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        isAllowed && (
          <Button variant="primary" icon={Plus} onClick={create}>
            {words.create}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {soon.length > 0 && <EndingSoon soon={soon} onExtend={actions.edit} />}
        {pages.items.length > 0 && (
          <div className="flex flex-wrap items-center gap-2">
            <div className="min-w-48 flex-1 sm:max-w-80">
              <SearchInput
                label={words.search}
                value={state.q}
                onSettle={(q) => setState({ q }, { replace: true })}
              />
            </div>
            <Segmented
              label={words.filter}
              value={state.show}
              onChange={(show) =>
                setState({ show: WHICH.find((which) => which === show) }, { replace: true })
              }
              options={FILTERS}
            />
          </div>
        )}
        <Query query={pages} skeleton={<SkeletonTable rows={5} columns={6} />}>
          {() =>
            pages.items.length === 0 ? (
              <NoKeys onCreate={create} />
            ) : (
              <>
                <KeyTable
                  keys={shown}
                  now={now}
                  open={state.key}
                  actions={actions}
                  empty={
                    <NoneFound
                      loaded={pages.items.length}
                      onShowAll={() => setState({ q: "", show: "all" })}
                    />
                  }
                />
                <MorePages query={pages} />
              </>
            )
          }
        </Query>
      </div>

      <OfKey id={state.key} loaded={pages.items} onClose={() => setState({ key: undefined })}>
        {(key) => (
          <KeyDetails of={key} now={now} actions={actions} onClose={() => setState({ key: undefined })} />
        )}
      </OfKey>
      {state.new && isAllowed && <CreateKey onClose={close} onMade={(key) => show({ key, isNew: true })} />}
      <OfKey id={state.edit} loaded={pages.items} refuse={refuse} onClose={close}>
        {(key) => <EditKey of={key} onClose={close} />}
      </OfKey>
      <OfKey id={state.rotate} loaded={pages.items} refuse={refuse} onClose={close}>
        {(key) => (
          <RotateKey of={key} onClose={close} onRotated={(rotated) => show({ key: rotated, isNew: false })} />
        )}
      </OfKey>
      <OfKey id={state.revoke} loaded={pages.items} refuse={isOver} onClose={close}>
        {(key) => <RevokeKey of={key} onClose={close} />}
      </OfKey>
      {secret !== undefined && <KeySecret secret={secret} onDone={() => setSecret(undefined)} />}
    </Page>
  );
}

function isOver(key: ApiKey): string | undefined {
  return key.status === "revoked" ? words.revokedAlready(key.name) : undefined;
}

function NoneFound({ loaded, onShowAll }: { loaded: number; onShowAll(): void }) {
  return (
    <Empty
      icon={Search}
      title={words.noneFound.title}
      action={<Button onClick={onShowAll}>{words.noneFound.action}</Button>}
    >
      {words.noneFound.body(loaded)}
    </Empty>
  );
}

function NoKeys({ onCreate }: { onCreate(): void }) {
  const { organisation } = useSession();
  return (
    <Empty
      icon={KeyRound}
      title={words.empty.title}
      action={
        <Button variant="primary" icon={Plus} onClick={onCreate}>
          {words.create}
        </Button>
      }
    >
      <p>{words.empty.body}</p>
      <Code language="sh" copy wrap>
        {words.empty.command(organisation.name)}
      </Code>
    </Empty>
  );
}
