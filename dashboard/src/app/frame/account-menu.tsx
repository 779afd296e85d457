import { useNavigate } from "@tanstack/react-router";
import { BookOpen, Keyboard, LogOut, MonitorSmartphone, Moon, Sun, SunMoon, UserRound } from "lucide-react";
import { api, queryClient, stopRenewing, useSession } from "@/api";
import { Foreign, IconButton, Menu, type Theme, useTheme } from "@/ui";
import { words } from "../words";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: SunMoon, light: Sun, dark: Moon };

/** Who is signed in, the theme, and the way out. */
export function AccountMenu({ onShortcuts }: { onShortcuts(): void }) {
  const { me } = useSession();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  async function signOut() {
    stopRenewing();
    // Whether or not the gateway answers, this page shows nothing of the session any more.
    await api.POST("/auth/logout").catch(() => undefined);
    await navigate({ to: "/login" });
    queryClient.clear();
  }
  return (
    <div className="flex items-center gap-1 border-line border-t p-2.5">
      <Menu
        label={words.account}
        align="start"
        trigger={
          <button
            type="button"
            className="flex h-9 min-w-0 flex-1 cursor-pointer items-center gap-2.5 rounded-6 px-1.5 text-start hover:bg-raised pointer-coarse:h-11"
          >
            <span
              aria-hidden="true"
              className="grid size-6 shrink-0 place-items-center rounded-full bg-raised font-medium text-11"
            >
              {initials(me.user.name || me.user.email)}
            </span>
            <span className="min-w-0 flex-1 truncate text-13">
              <Foreign>{me.user.email}</Foreign>
            </span>
          </button>
        }
        items={[
          { label: words.profile, icon: UserRound, onSelect: () => void toSettings("profile") },
          { label: words.devices, icon: MonitorSmartphone, onSelect: () => void toSettings("sessions") },
          { label: words.shortcuts, icon: Keyboard, onSelect: onShortcuts },
          {
            label: words.documentation,
            icon: BookOpen,
            onSelect: () => window.open("/api/docs", "_blank", "noopener"),
          },
          "separator",
          { label: words.signOut, icon: LogOut, onSelect: () => void signOut() },
        ]}
      />
      <IconButton
        icon={ICONS[theme]}
        label={`${words.theme.change}: ${words.theme[theme]}`}
        onClick={() => setTheme(NEXT[theme])}
      />
    </div>
  );

  function toSettings(tab: string) {
    return navigate({ to: "/settings", search: { tab } as never });
  }
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const names = name.split(/[\s@.]+/).filter(Boolean);
  const letters = [names[0], names.length > 1 ? names.at(-1) : undefined];
  return letters
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toUpperCase();
}
