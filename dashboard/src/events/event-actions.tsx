/** What can be done with an event that is shown whole. */

import { Link as RouterLink } from "@tanstack/react-router";
import { Download, ExternalLink } from "lucide-react";
import { useMemo } from "react";
import { download } from "@/lib/download";
import { Copy, IconButton } from "@/ui";
import { eventAddress } from "./address";
import { words } from "./words";

interface Props {
  id: string;
  /** The record as the gateway sent it. */
  text: string;
  /** Whether this is not its own page yet. */
  hasPage?: boolean;
}

export function EventActions({ id, text, hasPage = true }: Props) {
  const readable = useMemo(() => indented(text), [text]);
  return (
    <>
      <Copy value={readable} label={words.copy} iconOnly />
      <IconButton
        icon={Download}
        label={words.download}
        size="sm"
        onClick={() => download(`${id}.json`, "application/json", `${text}\n`)}
      />
      {hasPage ? (
        <IconButton
          icon={ExternalLink}
          label={words.openPage}
          size="sm"
          render={<RouterLink to="/event/$id" params={{ id }} />}
        />
      ) : (
        <Copy value={eventAddress(id)} label={words.copyLink} />
      )}
    </>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
