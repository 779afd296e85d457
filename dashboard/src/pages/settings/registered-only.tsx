import { useState } from "react";
import { $api, api, invalidate, type Schemas } from "@/api";
import { ConfirmDialog, Link, Switch, toast } from "@/ui";
import { words } from "./words";

const text = words.organisation;
/** Whether it is some or many is all that has to be told. */
const COUNTED_MAX = 100;

interface Props {
  organisation: Schemas["OrganisationSettings"];
  mayChange: boolean;
}

/** Refusing what is not registered breaks senders, so it is asked first; taking everything again is not. */
export function RegisteredOnly({ organisation, mayChange }: Props) {
  const [confirms, setConfirms] = useState(false);
  const [isBusy, setBusy] = useState(false);

  async function set(only: boolean) {
    await api.PATCH("/api/v1/organisation", { body: { registered_systems_only: only } });
    toast.good(only ? text.registeredOn : text.registeredOff);
    await invalidate("/api/v1/organisation");
  }

  async function release() {
    setBusy(true);
    try {
      await set(false);
    } catch (error) {
      toast.bad(text.registered, error instanceof Error ? error.message : undefined);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="flex flex-col gap-2">
      <Switch
        label={text.registeredLabel}
        hint={mayChange ? text.registeredHint : `${text.registeredHint} ${words.onlyOwners}`}
        checked={organisation.registered_systems_only}
        disabled={!mayChange || isBusy}
        onChange={(only) => (only ? setConfirms(true) : void release())}
      />
      <p className="text-12">
        <Link to="/ai-systems">{text.seeRegister}</Link>
      </p>
      <ConfirmDialog
        open={confirms}
        onClose={() => setConfirms(false)}
        title={text.registeredTitle}
        body={confirms && <HowMany />}
        action={text.registeredConfirm}
        danger
        onConfirm={() => set(true)}
      />
    </div>
  );
}

function HowMany() {
  const { data } = $api.useQuery("get", "/api/v1/ai-systems", { params: { query: { limit: COUNTED_MAX } } });
  const count = data?.items.length ?? 0;
  const told =
    data === undefined
      ? ""
      : count === 0
        ? text.registeredNone
        : text.registeredSome(count, data.next_cursor != null);
  return text.registeredBody(told);
}
