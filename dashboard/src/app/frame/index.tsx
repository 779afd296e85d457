/** What stands around every page of somebody who is signed in: navigation, word of the connection, dialogs of the frame. */
import { Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { $api, ApiProblem, onSessionEnd, SessionProvider, sessionOf } from "@/api";
import { arriving } from "@/lib/connection";
import { useHotkeys } from "@/lib/hotkeys";
import { lazily } from "@/ui/lazily";
import { navigation } from "../navigation";
import { words } from "../words";
import { Notices } from "./notices";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

const Problem = lazily(() => import("@/ui/problem"), "Problem");
// What is seldom seen comes when it is wanted.
const NoOrganisation = lazy(() => arriving(() => import("./no-organisation")));
const SessionExpired = lazy(() => arriving(() => import("./session-expired")));
const Palette = lazily(() => import("../palette"), "Palette");
const Shortcuts = lazily(() => import("../palette"), "ShortcutsDialog");

export function Frame() {
  const me = $api.useQuery("get", "/me", {}, { staleTime: 60_000 });
  const { href } = useLocation();
  const [isOver, setIsOver] = useState(false);
  useEffect(() => onSessionEnd(() => setIsOver(true)), []);
  if (me.data !== undefined) {
    return (
      <SessionProvider me={me.data}>
        <Suspense fallback={null}>
          {sessionOf(me.data) === undefined ? <NoOrganisation /> : <WithSession />}
        </Suspense>
        {isOver && (
          <Suspense fallback={null}>
            <SessionExpired email={me.data.user.email} onSignedIn={() => setIsOver(false)} />
          </Suspense>
        )}
      </SessionProvider>
    );
  }
  const error: unknown = me.error;
  if (error instanceof ApiProblem && error.status === 401) {
    return <Navigate to="/login" search={{ return_to: href } as never} replace />;
  }
  if (me.isError) {
    return (
      <main className="mx-auto max-w-[640px] p-6">
        <h1 className="mb-3 font-semibold text-20">{words.product}</h1>
        <Problem error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  return <div aria-busy="true" className="min-h-dvh bg-canvas" />;
}

/** Opened by a key: its code comes with the first use. */
type Opened = "palette" | "shortcuts" | undefined;

function WithSession() {
  const [opened, setOpened] = useState<Opened>();
  const [menuIsOpen, setMenuIsOpen] = useState(false);
  const navigate = useNavigate();
  const chords = navigation
    .flatMap((group) => group.items)
    .filter((item) => item.key !== undefined)
    .map((item) => [
      `g ${item.key}`,
      { label: words.goTo(item.label), run: () => void navigate({ to: item.to }) },
    ]);
  useHotkeys(
    {
      "mod+k": { label: words.search, run: () => setOpened("palette") },
      "?": { label: words.shortcuts, run: () => setOpened("shortcuts") },
      ...Object.fromEntries(chords),
    },
    { scope: "Everywhere" },
  );
  return (
    <div className="flex h-dvh min-w-0 flex-col lg:flex-row">
      <a
        href="#page"
        className="sr-only z-80 rounded-6 bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        {words.skip}
      </a>
      <TopBar onMenu={() => setMenuIsOpen(true)} onSearch={() => setOpened("palette")} />
      <Sidebar
        isOpen={menuIsOpen}
        onClose={() => setMenuIsOpen(false)}
        onSearch={() => setOpened("palette")}
        onShortcuts={() => setOpened("shortcuts")}
      />
      <main id="page" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        <Notices />
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense fallback={null}>
        {opened === "palette" && <Palette open onClose={() => setOpened(undefined)} />}
        {opened === "shortcuts" && <Shortcuts open onClose={() => setOpened(undefined)} />}
      </Suspense>
    </div>
  );
}
