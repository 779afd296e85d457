/** Who vouches for an event: its signature, the key, when it was checked, and what was hidden after that. */
import { ShieldCheck, ShieldQuestion } from "lucide-react";
import { formatCount } from "@/lib/numbers";
import { Badge, Callout, Code, DataList, Foreign, Mono, Time } from "@/ui";
import { type ReadRecord, type Redaction, textOf } from "./record";
import { kindName, words } from "./words";

const REDACTIONS_MAX = 50;

export function SignatureView({ record }: { record: ReadRecord }) {
  const { event, receipt, redactions } = record;
  const verifiedAt = textOf(receipt, "signature_verified_at");
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [words.algorithm, textOf(event, "signature_algorithm")],
    [words.key, textOf(receipt, "key_id") ?? textOf(event, "key_id")],
    [words.signature, textOf(event, "signature")],
    [words.apiKey, textOf(receipt, "api_key_id")],
    [words.gateway, textOf(receipt, "gateway")],
    [words.rules, textOf(receipt, "redaction_rules")],
    [words.format, textOf(receipt, "schema")],
  ];
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {verifiedAt === undefined ? (
        <p className="flex items-center gap-2 text-warn">
          <ShieldQuestion aria-hidden="true" className="size-4 shrink-0" />
          {words.notVerified}
        </p>
      ) : (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone="good">
            <ShieldCheck aria-hidden="true" className="me-1 inline size-3.5 align-[-2px]" />
            {words.verified}
          </Badge>
          <span className="text-muted">{words.verifiedText}</span>
        </p>
      )}
      <DataList
        items={[
          ...(verifiedAt === undefined
            ? []
            : [{ label: words.verifiedAt, value: <Time value={verifiedAt} style="datetime" /> }]),
          ...rows.flatMap(([label, value]) =>
            value === undefined ? [] : [{ label, value: <Mono copy={value.length > 20}>{value}</Mono> }],
          ),
        ]}
      />
      <Hidden redactions={redactions} />
      {redactions.length === 0 ? (
        <div className="flex flex-col gap-1.5 text-muted">
          <p>{words.recomputed}</p>
          <Code language="sh" copy>
            {`jq -c .event ${record.id}.json | gapin verify`}
          </Code>
        </div>
      ) : (
        <Callout tone="info">{words.notRecomputed}</Callout>
      )}
    </div>
  );
}

function Hidden({ redactions }: { redactions: readonly Redaction[] }) {
  if (redactions.length === 0) return <p className="text-muted">{words.hiddenNone}.</p>;
  return (
    <section className="min-w-0">
      <h3 className="mb-1.5 font-medium text-12 text-muted">{words.hiddenWhere}</h3>
      <ul className="flex min-w-0 flex-col gap-1">
        {redactions.slice(0, REDACTIONS_MAX).map((one, index) => (
          <li key={index} className="flex min-w-0 items-baseline gap-2">
            <Badge tone="accent">{kindName(one.kind, one.rule)}</Badge>
            <span className="min-w-0 font-mono text-12">
              <Foreign max={300}>{one.pointer === "" ? "/" : one.pointer}</Foreign>
            </span>
          </li>
        ))}
        {redactions.length > REDACTIONS_MAX && (
          <li className="text-12 text-muted">
            {words.hiddenMore(formatCount(redactions.length - REDACTIONS_MAX))}
          </li>
        )}
      </ul>
    </section>
  );
}
