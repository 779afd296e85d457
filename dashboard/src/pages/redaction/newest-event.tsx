import { useState } from "react";
import { api, type Schemas } from "@/api";
import { Button, toast } from "@/ui";
import { words } from "./words";

/** Takes the newest event for a sample: its own data was hidden when it came, and its places are real ones. */
export function NewestEvent({ onEvent }: { onEvent(event: Schemas["AibbarEvent"]): void }) {
  const [busy, setBusy] = useState(false);

  async function take() {
    setBusy(true);
    try {
      const { data } = await api.GET("/aibbar/events", { params: { query: { limit: 1 } } });
      const newest = data?.items[0];
      if (newest === undefined) toast.info(words.noEvents);
      else onEvent(newest.event);
    } catch (error) {
      toast.bad(words.newestEvent, error instanceof Error ? error.message : undefined);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button size="sm" variant="ghost" onClick={() => void take()} busy={busy} className="justify-self-start">
      {words.newestEvent}
    </Button>
  );
}
