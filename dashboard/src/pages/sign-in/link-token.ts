import { useState } from "react";

/** The token of a link from an e-mail. It is taken out of the address at once, so it stays in no history and no referrer. */
export function useLinkToken(): string | undefined {
  const [token] = useState(() => new URLSearchParams(location.search).get("token") ?? undefined);
  useState(() => {
    if (token !== undefined) history.replaceState(history.state, "", location.pathname);
  });
  return token;
}
