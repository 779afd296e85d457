/** The settings that are edited: they follow what is saved until something is changed, and then stand on what it was. */
import { useState } from "react";
import { api, invalidate, type Schemas } from "@/api";
import { type Change, changes, type Draft, draftOf, settingsOf } from "./draft";

type Redaction = Schemas["Redaction"];

export interface Editing {
  draft: Draft;
  unsaved: Change[];
  edit(change: Partial<Draft>): void;
  discard(): void;
  /** What somebody else saved meanwhile; nothing was saved then. */
  save(options?: { overTheirs?: boolean }): Promise<{ theirs: Redaction; changes: Change[] } | undefined>;
}

export function useDraft(saved: Redaction): Editing {
  const [edited, setEdited] = useState<{ base: Redaction; draft: Draft }>();
  const base = edited?.base ?? saved;
  const draft = edited?.draft ?? draftOf(saved);
  const unsaved = edited === undefined ? [] : changes(draftOf(edited.base), edited.draft);

  return {
    draft,
    unsaved,
    edit: (change) => setEdited({ base, draft: { ...draft, ...change } }),
    discard() {
      setEdited(undefined);
      void invalidate("/api/v1/redaction");
    },
    async save({ overTheirs = false } = {}) {
      if (!overTheirs) {
        const { data: theirs } = await api.GET("/api/v1/redaction");
        if (theirs !== undefined && theirs.version !== base.version) {
          return { theirs, changes: changes(draftOf(base), draftOf(theirs)) };
        }
      }
      await api.PUT("/api/v1/redaction", { body: settingsOf(draft) });
      await invalidate("/api/v1/redaction");
      setEdited(undefined);
      return undefined;
    },
  };
}
