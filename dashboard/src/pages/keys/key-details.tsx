/** `?key=ID`: all that is known of a key, beside the list. */
import type { ReactNode } from "react";
import { useSession } from "@/api";
import { SCOPE_TEXTS } from "@/lib/scopes";
import { visible } from "@/lib/text";
import { Button, Callout, DataList, Drawer, Link, Mono, Time } from "@/ui";
import { type KeyActions, masked } from "./key-table";
import { KeyUsage } from "./key-usage";
import { type ApiKey, mayChange } from "./rules";
import { KeyStatus } from "./status";
import { words } from "./words";

interface Props {
  of: ApiKey;
  now: Date;
  actions: KeyActions;
  onClose(): void;
}

export function KeyDetails({ of, now, actions, onClose }: Props) {
  const { can } = useSession();
  const isChangeable = mayChange(of, can);
  return (
    <Drawer open onClose={onClose} title={visible(of.name)}>
      <div className="flex flex-col gap-6 p-4">
        {of.status !== "revoked" && (
          <div className="flex flex-wrap gap-2">
            {isChangeable && (
              <>
                <Button size="sm" variant="secondary" onClick={() => actions.edit(of)}>
                  {words.edit}
                </Button>
                <Button size="sm" variant="secondary" onClick={() => actions.rotate(of)}>
                  {words.rotate}
                </Button>
              </>
            )}
            <Button size="sm" variant="danger" onClick={() => actions.revoke(of)}>
              {words.revoke}
            </Button>
          </div>
        )}
        {of.status !== "revoked" && !isChangeable && <Callout tone="info">{words.detail.tooMuch}</Callout>}
        <DataList items={facts(of, now)} />
        <Part title={words.detail.limits} hint={words.detail.limitsNote}>
          <KeyUsage of={of} />
        </Part>
        <Part title={words.detail.scopes}>
          <ul className="flex flex-col gap-3">
            {of.scopes.map((scope) => (
              <li key={scope} className="text-13">
                <span className="font-medium text-ink">{SCOPE_TEXTS[scope]?.label ?? scope}</span>{" "}
                <span className="font-mono text-11 text-faint">{scope}</span>
                <p className="text-12 text-muted">{SCOPE_TEXTS[scope]?.hint}</p>
              </li>
            ))}
          </ul>
        </Part>
        {can("audit:read") && (
          <Link to="/audit" search={{ target: of.id }}>
            {words.detail.trail}
          </Link>
        )}
      </div>
    </Drawer>
  );
}

function facts(of: ApiKey, now: Date): { label: string; value: ReactNode }[] {
  return [
    { label: words.detail.status, value: <KeyStatus of={of} now={now} /> },
    { label: words.detail.prefix, value: <Mono>{masked(of)}</Mono> },
    { label: words.detail.id, value: <Mono copy>{of.id}</Mono> },
    {
      label: words.detail.made,
      value: (
        <>
          <Time value={of.created_at} style="datetime" /> {of.made_by !== "" && words.by(of.made_by)}
        </>
      ),
    },
    {
      label: words.detail.lastUsed,
      value: of.last_used_at ? (
        <>
          <Time value={of.last_used_at} /> <span className="text-faint">({words.detail.lastUsedHint})</span>
        </>
      ) : (
        words.neverUsed
      ),
    },
    {
      label: words.detail.ends,
      value: of.expires_at ? <Time value={of.expires_at} style="datetime" /> : words.neverEnds,
    },
    ...(of.revoked_at
      ? [{ label: words.detail.revoked, value: <Time value={of.revoked_at} style="datetime" /> }]
      : []),
    ...(of.previous_valid_until
      ? [{ label: words.detail.previous, value: <Time value={of.previous_valid_until} style="datetime" /> }]
      : []),
    {
      label: words.detail.addresses,
      value: of.allowed_ips.length === 0 ? words.detail.everywhere : <Addresses of={of.allowed_ips} />,
    },
  ];
}

function Addresses({ of }: { of: string[] }) {
  return (
    <ul className="font-mono text-12">
      {of.map((range) => (
        <li key={range}>{range}</li>
      ))}
    </ul>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-13 font-semibold text-ink">{title}</h3>
      {hint !== undefined && <p className="text-12 text-muted">{hint}</p>}
      {children}
    </section>
  );
}
