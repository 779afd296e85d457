import { useConnection, useSession } from "@/api";
import { Callout, Link } from "@/ui";
import { words } from "../words";

/** What one has to know on whatever page one is. */
export function Notices() {
  const connection = useConnection();
  const { me } = useSession();
  return (
    <div aria-live="polite" className="contents">
      {connection !== "online" && (
        <div className="sticky top-0 z-40 px-4 pt-3 sm:px-8">
          <Callout tone="warn">{connection === "offline" ? words.offline : words.unreachable}</Callout>
        </div>
      )}
      {me.password_change_required && (
        <div className="px-4 pt-3 sm:px-8">
          <Callout tone="info">
            {words.oneTimePassword.text}{" "}
            <Link to="/settings" search={{ tab: "profile" } as never}>
              {words.oneTimePassword.action}
            </Link>
          </Callout>
        </div>
      )}
    </div>
  );
}
