/** One dead letter: why, what to do, what it carries, and the button that redrives it. */
import { useParams } from "@tanstack/react-router";
import { Download, RotateCcw } from "lucide-react";
import { useState } from "react";
import { $api, api, invalidate, type Schemas, useSession } from "@/api";
import { download } from "@/lib/download";
import {
  Button,
  Callout,
  Card,
  Code,
  ConfirmDialog,
  Empty,
  Foreign,
  Json,
  Page,
  Query,
  Skeleton,
  toast,
} from "@/ui";
import { Facts } from "./facts";
import { Reason, State } from "./letters-table";
import { marksOf } from "./marks";
import { explain, whyNot } from "./reasons";
import { words } from "./words";

type Letter = Schemas["WholeDeadLetter"];

export default function DeadLetterPage() {
  const { id = "" } = useParams({ strict: false });
  const { can } = useSession();
  const [confirms, setConfirms] = useState(false);
  const query = $api.useQuery("get", "/api/v1/dead-letters/{id}", { params: { path: { id } } });
  const letter = query.data;

  async function redrive() {
    await api.POST("/api/v1/dead-letters/{id}/redrive", { params: { path: { id } } });
    toast.good(words.redrivenToast(1));
    setConfirms(false);
    await invalidate("/api/v1/dead-letters");
  }

  return (
    <Page
      title={words.titleOfOne(id)}
      back={{ to: "/dead-letters", label: words.back }}
      subtitle={
        letter && (
          <span className="inline-flex flex-wrap items-center gap-2">
            <Reason of={letter} />
            <State of={letter} />
          </span>
        )
      }
      actions={
        letter?.redrivable &&
        can("topics:manage") && (
          <Button variant="primary" icon={RotateCcw} onClick={() => setConfirms(true)}>
            {letter.state === "open" ? words.redrive : words.redriveAgain}
          </Button>
        )
      }
    >
      <Query query={query} skeleton={<Shape />}>
        {(known) => <Shown letter={known} />}
      </Query>
      <ConfirmDialog
        open={confirms}
        onClose={() => setConfirms(false)}
        title={words.confirmOne}
        body={letter?.state === "redriven" ? words.confirmAgainBody : words.confirmOneBody}
        action={words.redrive}
        onConfirm={redrive}
      />
    </Page>
  );
}

function Shown({ letter }: { letter: Letter }) {
  const explanation = explain(letter.reason);
  const not = whyNot(letter);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card title={words.why} padded>
        <div className="flex max-w-[72ch] flex-col gap-3 text-13">
          <p>{explanation.means}</p>
          <p className="rounded-6 border border-line bg-canvas px-3 py-2 break-words">
            <span className="text-muted">{words.detail}: </span>
            <Foreign>{letter.detail}</Foreign>
          </p>
          <h3 className="font-semibold">{words.whatToDo}</h3>
          <ul className="flex list-disc flex-col gap-1 ps-5">
            {explanation.todo.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
          {not !== undefined && (
            <Callout tone="info" title={words.notRedrivable}>
              {not}
            </Callout>
          )}
        </div>
      </Card>
      <Card title={words.about} padded>
        <Facts letter={letter} />
      </Card>
      <div className="min-w-0 xl:col-span-2">
        <Carried letter={letter} />
      </div>
    </div>
  );
}

/** The record, the text that stood there instead, or that there is nothing to show. */
function Carried({ letter }: { letter: Letter }) {
  if (letter.record != null) {
    const text = JSON.stringify(letter.record, null, 2);
    return (
      <Card
        title={words.record}
        actions={
          <Button
            size="sm"
            icon={Download}
            onClick={() => download(`dead-letter-${letter.id}.json`, "application/json", text)}
          >
            {words.downloadRecord}
          </Button>
        }
        padded
      >
        <p className="mb-3 text-muted">{words.recordHelp}</p>
        <Json value={letter.record} marks={marksOf(letter.record)} />
      </Card>
    );
  }
  if (letter.text != null) {
    return (
      <Card title={words.text} padded>
        <p className="mb-3 text-muted">{words.textHelp}</p>
        <Code wrap copy maxHeight={480}>
          {letter.text}
        </Code>
      </Card>
    );
  }
  return <Empty title={words.nothingCarried}>{words.nothingCarriedHelp}</Empty>;
}

function Shape() {
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Skeleton className="h-64 w-full" />
      <Skeleton className="h-64 w-full" />
      <Skeleton className="h-80 w-full xl:col-span-2" />
    </div>
  );
}
