/** `?key=NAME`: a signing key and each of its versions, beside the list. */
import { useSession } from "@/api";
import { Badge, Button, DataList, Drawer, Foreign, Link, Time } from "@/ui";
import { type SigningKey, type Version, verifies } from "./rules";
import { type SigningKeyActions, SignsFor, Status } from "./signing-key-table";
import type { SystemNames } from "./use-system-names";
import { words } from "./words";

interface Props {
  of: SigningKey;
  now: Date;
  systems: SystemNames;
  actions: SigningKeyActions;
  onClose(): void;
}

export function SigningKeyDetails({ of, now, systems, actions, onClose }: Props) {
  const { can } = useSession();
  return (
    <Drawer open onClose={onClose} title={of.key_id}>
      <div className="flex flex-col gap-6 p-4">
        {of.status !== "revoked" && (
          <div className="flex flex-wrap gap-2">
            <Button size="sm" variant="secondary" onClick={() => actions.rotate(of)}>
              {words.rotate}
            </Button>
            {!of.is_default && (
              <Button size="sm" variant="secondary" onClick={() => actions.makeDefault(of)}>
                {words.makeDefault}
              </Button>
            )}
            <Button size="sm" variant="danger" onClick={() => actions.revoke(of)}>
              {words.revoke}
            </Button>
          </div>
        )}
        <DataList
          items={[
            { label: words.columns.status, value: <Status of={of} /> },
            { label: words.detail.signs, value: <SignsFor of={of} systems={systems} /> },
            {
              label: words.detail.default,
              value:
                of.is_default && of.status === "active" ? words.detail.isDefault : words.detail.isNotDefault,
            },
            { label: words.detail.algorithm, value: of.algorithm },
            { label: words.detail.made, value: <Time value={of.created_at} style="datetime" /> },
          ]}
        />
        <section className="flex flex-col gap-2">
          <h3 className="text-13 font-semibold text-ink">{words.detail.versions}</h3>
          <p className="text-12 text-muted">{words.detail.versionsHint}</p>
          <ol className="flex flex-col divide-y divide-line rounded-8 border border-line">
            {of.versions.map((version) => (
              <OneVersion key={version.version} of={version} now={now} />
            ))}
          </ol>
        </section>
        {can("audit:read") && (
          <Link to="/audit" search={{ target: of.key_id }}>
            {words.detail.trail}
          </Link>
        )}
      </div>
    </Drawer>
  );
}

function OneVersion({ of, now }: { of: Version; now: Date }) {
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-mono text-13 font-medium text-ink">{words.version(of.version)}</span>
        <Good of={of} now={now} />
      </span>
      <span className="text-12 text-faint">
        <Time value={of.created_at} style="datetime" />{" "}
        {of.made_by !== "" && <Foreign max={80}>{words.detail.by(of.made_by)}</Foreign>}
      </span>
      <span className="text-12 text-faint">
        {of.last_used_at == null ? (
          words.detail.neverUsed
        ) : (
          <>
            {words.detail.lastUsed} <Time value={of.last_used_at} />
          </>
        )}
      </span>
    </li>
  );
}

/** What a version is still good for, in words. */
function Good({ of, now }: { of: Version; now: Date }) {
  const good = verifies(of, now);
  switch (good.kind) {
    case "signs":
      return (
        <Badge tone="good" dot>
          {words.detail.newest}
        </Badge>
      );
    case "verifies":
      return (
        <span className="flex flex-wrap items-center gap-2">
          <span className="text-12 text-muted">
            {words.detail.until}
            <Time value={good.until} style="datetime" />
          </span>
          <Badge tone="info">{words.detail.verifying(good.left)}</Badge>
        </span>
      );
    case "over":
      return (
        <span className="text-12 text-faint">
          {words.detail.over}
          <Time value={good.since} style="datetime" />
        </span>
      );
    case "revoked":
      return (
        <span className="text-12 text-faint">
          {words.detail.revoked}
          <Time value={good.since} style="datetime" />
        </span>
      );
  }
}
