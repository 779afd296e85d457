import { Check } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { $api, ApiProblem, api, invalidate, useSession } from "@/api";
import {
  Button,
  Callout,
  Code,
  Copy,
  cx,
  DataList,
  Link,
  Mono,
  Page,
  Segmented,
  Spinner,
  useAnnounce,
} from "@/ui";
import { command, type Example, exampleEvent, type Keys, type Language } from "./example";
import { words } from "./words";

const ASK_EVERY_MS = 1_000;

/** The first run: keys, the first event, its arrival, each on this page and for real. */
export default function Start() {
  const [keys, setKeys] = useState<Keys>();
  const newest = $api.useQuery(
    "get",
    "/aibbar/events",
    { params: { query: { limit: 1 } } },
    { refetchInterval: (query) => (query.state.data?.items.length ? false : ASK_EVERY_MS) },
  );
  const first = newest.data?.items[0];
  return (
    <Page title={words.title} subtitle={words.subtitle}>
      <ol className="flex max-w-190 flex-col gap-4">
        <Step number={1} title={words.key.title} isDone={keys !== undefined || first !== undefined}>
          <MakeKeys keys={keys} onMade={setKeys} />
        </Step>
        <Step number={2} title={words.send.title} isDone={first !== undefined}>
          {keys === undefined ? (
            <p className="text-13 text-muted">{words.send.waitForKey}</p>
          ) : (
            <Send keys={keys} />
          )}
        </Step>
        <Step number={3} title={words.arrive.title} isDone={first !== undefined}>
          {first === undefined ? (
            <p className="flex items-center gap-2 text-13 text-muted">
              <Spinner /> {words.arrive.waiting}
            </p>
          ) : (
            <Arrived
              eventId={first.record.event_id}
              sessionId={first.event.metadata.session_id ?? undefined}
            />
          )}
        </Step>
      </ol>
    </Page>
  );
}

function Step({
  number,
  title,
  isDone,
  children,
}: {
  number: number;
  title: string;
  isDone: boolean;
  children: ReactNode;
}) {
  return (
    <li className="flex gap-4 rounded-8 border border-line bg-surface p-4">
      <span
        className={cx(
          "grid size-6 shrink-0 place-items-center rounded-full font-medium text-12",
          isDone ? "bg-good-soft text-good" : "bg-raised text-muted",
        )}
      >
        {isDone ? <Check role="img" aria-label={words.done} className="size-4" /> : number}
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="mb-2 font-semibold text-14 leading-6">{title}</h2>
        {children}
      </div>
    </li>
  );
}

function MakeKeys({ keys, onMade }: { keys: Keys | undefined; onMade(keys: Keys): void }) {
  const { can } = useSession();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  async function make() {
    setIsBusy(true);
    setError(undefined);
    try {
      onMade(await makeKeys());
      void invalidate("/api/v1/keys");
      void invalidate("/api/v1/signing-keys");
    } catch (caught) {
      setError(caught instanceof ApiProblem ? caught.detail : String(caught));
    } finally {
      setIsBusy(false);
    }
  }
  if (!can("keys:manage")) return <p className="text-13 text-muted">{words.key.notAllowed}</p>;
  if (keys !== undefined) {
    return (
      <div className="flex flex-col gap-3">
        <Callout tone="warn">{words.key.shownOnce}</Callout>
        <DataList
          items={[
            { label: words.key.apiKey, value: <Secret value={keys.apiKey} /> },
            { label: words.key.keyId, value: <Mono copy>{keys.keyId}</Mono> },
            { label: words.key.signingKey, value: <Secret value={keys.secret} /> },
          ]}
        />
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-13 text-muted">{words.key.text}</p>
      {error !== undefined && (
        <div role="alert">
          <Callout tone="bad">{error}</Callout>
        </div>
      )}
      <Button variant="primary" busy={isBusy} onClick={() => void make()}>
        {words.key.make}
      </Button>
    </div>
  );
}

function Secret({ value }: { value: string }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 break-all font-mono text-12">{value}</span>
      <Copy value={value} size="sm" />
    </span>
  );
}

/** An API key that may send and read, and a signing key; names that are taken get a number. */
async function makeKeys(): Promise<Keys> {
  const made = await api.POST("/api/v1/keys", {
    body: { name: words.key.name, scopes: ["events:write", "events:read"] },
  });
  for (let number = 1; ; number += 1) {
    const keyId = number === 1 ? "main" : `main-${number}`;
    try {
      const signing = await api.POST("/api/v1/signing-keys", { body: { key_id: keyId } });
      return { apiKey: made.data?.key ?? "", keyId, secret: signing.data?.secret ?? "" };
    } catch (error) {
      const isTaken = error instanceof ApiProblem && error.code === "already_exists" && number < 20;
      if (!isTaken) throw error;
    }
  }
}

function Send({ keys }: { keys: Keys }) {
  const [language, setLanguage] = useState<Language>("curl");
  const [example, setExample] = useState<Example>();
  const [fresh, setFresh] = useState(0);
  const canSign = globalThis.crypto?.subtle !== undefined;
  useEffect(() => {
    if (!canSign) return undefined;
    let isGone = false;
    void exampleEvent(keys, crypto.randomUUID(), `order-${7 + fresh}`, new Date()).then((made) => {
      if (!isGone) setExample(made);
    });
    return () => {
      isGone = true;
    };
  }, [keys, canSign, fresh]);
  const isUnsigned = language === "curl" && example === undefined;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-13 text-muted">{words.send.text}</p>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented
          label={words.send.label}
          value={language}
          onChange={(chosen) => setLanguage(chosen as Language)}
          options={(Object.entries(words.send.languages) as [Language, string][]).map(([value, label]) => ({
            value,
            label,
          }))}
        />
        {language === "curl" && canSign && (
          <Button size="sm" variant="ghost" onClick={() => setFresh((before) => before + 1)}>
            {words.send.fresh}
          </Button>
        )}
      </div>
      {isUnsigned ? (
        !canSign && <Callout tone="warn">{words.send.insecure}</Callout>
      ) : (
        <Code language="sh" copy wrap maxHeight={360}>
          {command(language, location.origin, keys, example)}
        </Code>
      )}
    </div>
  );
}

function Arrived({ eventId, sessionId }: { eventId: string; sessionId: string | undefined }) {
  const announce = useAnnounce();
  useEffect(() => announce(words.arrive.came), [announce]);
  return (
    <div className="flex flex-col gap-2 text-13">
      <p className="text-good">{words.arrive.came}</p>
      <p className="flex flex-wrap gap-4">
        <Link to="/event/$id" params={{ id: eventId } as never}>
          {words.arrive.open}
        </Link>
        {sessionId !== undefined && (
          <Link to="/sessions/$id" params={{ id: sessionId } as never}>
            {words.arrive.session}
          </Link>
        )}
        <Link to="/live">{words.arrive.live}</Link>
      </p>
    </div>
  );
}
