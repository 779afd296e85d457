/** Signing keys: what AI systems sign their events with. */

import { Plus, Signature } from "lucide-react";
import { useState } from "react";
import { $api, invalidate, usePages, useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { flag, optional, useUrlState } from "@/lib/url-state";
import { Button, Callout, Code, Empty, MorePages, Page, Query, SkeletonTable, toast } from "@/ui";
import { lazily } from "@/ui/lazily";
import { OfSigningKey } from "./of-signing-key";
import { lacksDefault, type SigningKey } from "./rules";
import { type SigningKeyActions, SigningKeyTable } from "./signing-key-table";
import { type ShownSecret, SigningSecret } from "./signing-secret";
import { useSystemNames } from "./use-system-names";
import { words } from "./words";

// These come behind the page; but not the secret, which is there once, even if nothing more can be loaded.
const CreateSigningKey = lazily(() => import("./create-signing-key"), "CreateSigningKey");
const RevokeSigningKey = lazily(() => import("./revoke-signing-key"), "RevokeSigningKey");
const RotateSigningKey = lazily(() => import("./rotate-signing-key"), "RotateSigningKey");
const SigningKeyDetails = lazily(() => import("./signing-key-details"), "SigningKeyDetails");

const PAGE_KEYS = 500;

export default function SigningKeysPage() {
  const { can } = useSession();
  const [state, setState] = useUrlState({
    key: optional(),
    new: flag(),
    ai_id: optional(),
    rotate: optional(),
    revoke: optional(),
  });
  const [secret, setSecret] = useState<ShownSecret>();
  const pages = usePages("/api/v1/signing-keys", { limit: PAGE_KEYS });
  const systems = useSystemNames();
  const defaultChange = $api.useMutation("patch", "/api/v1/signing-keys/{key_id}");
  const now = new Date();
  const isAllowed = can("keys:manage");

  const create = () => setState({ new: true });
  const close = () => setState({ new: false, ai_id: undefined, rotate: undefined, revoke: undefined });
  const actions: SigningKeyActions = {
    open: (key) => setState({ key: key.key_id }),
    rotate: (key) => setState({ rotate: key.key_id }),
    makeDefault: (key) => void makeDefault(key),
    revoke: (key) => setState({ revoke: key.key_id }),
  };
  useHotkeys({ c: { run: create, label: words.create } }, { enabled: isAllowed });

  async function makeDefault(key: SigningKey): Promise<void> {
    try {
      const params = { path: { key_id: key.key_id } };
      await defaultChange.mutateAsync({ params, body: { is_default: true } });
      await invalidate("/api/v1/signing-keys");
      toast.good(words.madeDefault(key.key_id));
    } catch (error) {
      toast.bad(words.unusable, error instanceof Error ? error.message : undefined);
    }
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
        {pages.hasNextPage === false && lacksDefault(pages.items) && (
          <Callout tone="warn" title={words.noDefault.title}>
            {words.noDefault.body}
          </Callout>
        )}
        <Query query={pages} skeleton={<SkeletonTable rows={3} columns={5} />}>
          {() =>
            pages.items.length === 0 ? (
              <NoKeys onCreate={create} />
            ) : (
              <>
                <SigningKeyTable
                  keys={pages.items}
                  now={now}
                  open={state.key}
                  systems={systems}
                  actions={actions}
                />
                <MorePages query={pages} />
              </>
            )
          }
        </Query>
      </div>

      <OfSigningKey name={state.key} loaded={pages.items} onClose={() => setState({ key: undefined })}>
        {(key) => (
          <SigningKeyDetails
            of={key}
            now={now}
            systems={systems}
            actions={actions}
            onClose={() => setState({ key: undefined })}
          />
        )}
      </OfSigningKey>
      {state.new && isAllowed && (
        <CreateSigningKey
          isFirst={pages.isSuccess && pages.items.length === 0}
          aiId={state.ai_id}
          systems={systems}
          onClose={close}
          onMade={(key) => show({ key, isNew: true })}
        />
      )}
      <OfSigningKey name={state.rotate} loaded={pages.items} isChange onClose={close}>
        {(key) => (
          <RotateSigningKey
            of={key}
            onClose={close}
            onRotated={(rotated) => show({ key: rotated, isNew: false })}
          />
        )}
      </OfSigningKey>
      <OfSigningKey name={state.revoke} loaded={pages.items} isChange onClose={close}>
        {(key) => <RevokeSigningKey of={key} onClose={close} />}
      </OfSigningKey>
      {secret !== undefined && <SigningSecret secret={secret} onDone={() => setSecret(undefined)} />}
    </Page>
  );
}

function NoKeys({ onCreate }: { onCreate(): void }) {
  const { organisation } = useSession();
  return (
    <Empty
      icon={Signature}
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
