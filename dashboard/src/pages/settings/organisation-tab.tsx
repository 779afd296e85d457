import { Plus } from "lucide-react";
import { $api, type Schemas, useSession } from "@/api";
import { flag, useUrlState } from "@/lib/url-state";
import { Button, Card, DataList, Mono, Query, Skeleton, Time } from "@/ui";
import { NewOrganisationDialog } from "./new-organisation-dialog";
import { RegisteredOnly } from "./registered-only";
import { RenameForm } from "./rename-form";
import { words } from "./words";

const text = words.organisation;

export function OrganisationTab() {
  const query = $api.useQuery("get", "/api/v1/organisation");
  const [url, setUrl] = useUrlState({ new: flag() });
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Query query={query} skeleton={<Shape />}>
        {(organisation) => <Organisation organisation={organisation} />}
      </Query>
      <Card title={text.another}>
        <p className="mb-3 text-muted">{text.anotherHelp}</p>
        <Button icon={Plus} onClick={() => setUrl({ new: true })}>
          {text.create}
        </Button>
      </Card>
      {url.new && <NewOrganisationDialog onClose={() => setUrl({ new: false })} />}
    </div>
  );
}

function Organisation({ organisation }: { organisation: Schemas["OrganisationSettings"] }) {
  const { can, role } = useSession();
  const mayChange = can("organisation:manage");
  const { requests_per_minute, events_per_day } = organisation.effective_limits;
  return (
    <>
      <Card title={text.nameTitle}>
        {mayChange ? (
          <RenameForm key={organisation.name} organisation={organisation} />
        ) : (
          <>
            <p className="font-medium">
              <bdi>{organisation.name}</bdi>
            </p>
            <p className="mt-1 text-12 text-muted">{words.onlyOwners}</p>
          </>
        )}
      </Card>
      <Card title={text.registered}>
        <RegisteredOnly organisation={organisation} mayChange={mayChange} />
      </Card>
      <Card title={text.about}>
        <DataList
          items={[
            { label: text.id, value: <Mono copy>{organisation.id}</Mono> },
            { label: text.plan, value: organisation.plan },
            { label: text.role, value: role },
            { label: text.created, value: <Time value={organisation.created_at} style="date" /> },
            {
              label: text.limits,
              value: (
                <ul>
                  <li>{requests_per_minute == null ? text.noLimit : text.requests(requests_per_minute)}</li>
                  <li>{events_per_day == null ? text.noLimit : text.events(events_per_day)}</li>
                </ul>
              ),
            },
          ]}
        />
      </Card>
    </>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-[190px] w-full" />
      <Skeleton className="h-[132px] w-full" />
      <Skeleton className="h-[224px] w-full" />
    </div>
  );
}
