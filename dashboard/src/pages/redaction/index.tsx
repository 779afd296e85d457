/** What is hidden of every event: a mode for each kind, own rules, the key of pseudonyms, and a preview beside them. */

import { useState } from "react";
import { $api, type Schemas, useSession } from "@/api";
import { optional, useUrlState } from "@/lib/url-state";
import { Callout, Delayed, Page, Query, Skeleton, Time } from "@/ui";
import { lazily } from "@/ui/lazily";
import { faultsByRule, type RuleFaults, settingsOf } from "./draft";
import { KeyCard } from "./key-card";
import { KindsCard } from "./kinds-card";
import { LeaveGuard } from "./leave-guard";
import { RulesCard } from "./rules-card";
import { SaveBar } from "./save-bar";
import { useDraft } from "./use-draft";
import { words } from "./words";

// These come behind the page.
const PreviewCard = lazily(
  () => import("./preview-card"),
  "PreviewCard",
  <Delayed isQuiet>
    <Skeleton className="h-130 w-full" />
  </Delayed>,
);
const RuleDialog = lazily(() => import("./rule-dialog"), "RuleDialog");

export default function RedactionPage() {
  const query = $api.useQuery("get", "/api/v1/redaction");
  return (
    <Page title={words.title} subtitle={words.subtitle} wide>
      <Query query={query} skeleton={<Shape />}>
        {(saved) => <Settings saved={saved} />}
      </Query>
    </Page>
  );
}

const NO_FAULTS: ReadonlyMap<number, RuleFaults> = new Map();

function Settings({ saved }: { saved: Schemas["Redaction"] }) {
  const { can } = useSession();
  const mayChange = can("organisation:manage");
  const editing = useDraft(saved);
  const { draft, unsaved, edit } = editing;
  const [url, setUrl] = useUrlState({ rule: optional() });
  const [faults, setFaults] = useState(NO_FAULTS);
  const isNew = url.rule === NEW_RULE;
  const opened = draft.rules.findIndex((rule) => rule.name === url.rule);

  function setRules(rules: typeof draft.rules) {
    setFaults(NO_FAULTS);
    edit({ rules });
  }

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] xl:gap-6">
      <div className="flex min-w-0 flex-col gap-4">
        {!mayChange && <Callout tone="info">{words.onlyOwners}</Callout>}
        <KindsCard
          modes={draft.modes}
          onChange={mayChange ? (kind, mode) => edit({ modes: { ...draft.modes, [kind]: mode } }) : undefined}
        />
        <RulesCard
          rules={draft.rules}
          faults={faults}
          onChange={mayChange ? setRules : undefined}
          onAdd={() => setUrl({ rule: NEW_RULE })}
          onOpen={(rule) => setUrl({ rule: rule.name })}
        />
        <KeyCard pseudonymKey={saved.pseudonym_key} mayErase={mayChange} />
        <LastChange saved={saved} />
      </div>
      <div className="min-w-0 lg:sticky lg:top-4">
        <PreviewCard settings={unsaved.length === 0 ? undefined : settingsOf(draft)} />
      </div>
      {mayChange && (
        <>
          <SaveBar editing={editing} onRefused={(problem) => setFaults(faultsByRule(problem.faults))} />
          <LeaveGuard unsaved={unsaved.length} />
          {(isNew || opened >= 0) && (
            <RuleDialog
              key={url.rule}
              rule={isNew ? undefined : draft.rules[opened]}
              others={draft.rules.filter((_, at) => at !== opened)}
              onClose={() => setUrl({ rule: undefined })}
              onApply={(rule) =>
                setRules(
                  isNew ? [...draft.rules, rule] : draft.rules.map((old, at) => (at === opened ? rule : old)),
                )
              }
            />
          )}
        </>
      )}
    </div>
  );
}

/** No rule can have this name: a sign that names do not have. */
const NEW_RULE = "+";

function LastChange({ saved }: { saved: Schemas["Redaction"] }) {
  return (
    <p className="text-12 text-muted">
      {words.version(saved.version)}
      {saved.updated_at && (
        <>
          {". "}
          {words.changedBy} <bdi>{saved.updated_by}</bdi>, <Time value={saved.updated_at} style="relative" />.
        </>
      )}
    </p>
  );
}

function Shape() {
  return (
    <div className="grid gap-4 lg:grid-cols-2 xl:gap-6">
      <div className="flex flex-col gap-4">
        <Skeleton className="h-130 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
      <Skeleton className="h-130 w-full" />
    </div>
  );
}
