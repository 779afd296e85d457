import { useState } from "react";
import { api, invalidate, type Schemas, useSession } from "@/api";
import { Button, Card, ConfirmDialog, DataList, Time, toast } from "@/ui";
import { words } from "./words";

interface Props {
  pseudonymKey: Schemas["PseudonymKey"] | undefined;
  mayErase: boolean;
}

/** What pseudonyms are made with: never the key, only that there is one; and its end. */
export function KeyCard({ pseudonymKey, mayErase }: Props) {
  const { organisation } = useSession();
  const [confirms, setConfirms] = useState(false);

  async function erase() {
    await api.POST("/api/v1/redaction/pseudonym-key/erase", { body: { organisation: organisation.name } });
    setConfirms(false);
    toast.good(words.erased);
    await invalidate("/api/v1/redaction");
  }

  return (
    <Card
      title={words.keyTitle}
      padded
      actions={
        mayErase &&
        pseudonymKey && (
          <Button size="sm" onClick={() => setConfirms(true)}>
            {words.erase}
          </Button>
        )
      }
    >
      <div className="grid gap-3">
        <p className="text-muted">{words.keyHelp}</p>
        {pseudonymKey === undefined ? (
          <p>{words.noKey}</p>
        ) : (
          <DataList
            items={[
              { label: words.keyVersion, value: words.keyNumber(pseudonymKey.version) },
              { label: words.keyMade, value: <Time value={pseudonymKey.made_at} style="datetime" /> },
            ]}
          />
        )}
      </div>
      <ConfirmDialog
        open={confirms}
        onClose={() => setConfirms(false)}
        title={words.eraseTitle}
        body={words.eraseBody}
        action={words.eraseAction}
        typeToConfirm={organisation.name}
        danger
        onConfirm={erase}
      />
    </Card>
  );
}
