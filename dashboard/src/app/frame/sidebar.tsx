import { Link, useLocation } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { useSession } from "@/api";
import { cx, Kbd, useMedia } from "@/ui";
import { lazily } from "@/ui/lazily";
import { type NavigationItem, navigation } from "../navigation";
import { words } from "../words";
import { AccountMenu } from "./account-menu";
import { OrganisationMenu } from "./organisation-menu";

// Only narrow screens need it.
const SidebarOverlay = lazily(() => import("./sidebar-overlay"), "SidebarOverlay");

interface SidebarProps {
  isOpen: boolean;
  onClose(): void;
  onSearch(): void;
  onShortcuts(): void;
}

/** The pages; beside them where there is room, else over them, opened by the button of the top bar. */
export function Sidebar({ isOpen, onClose, ...actions }: SidebarProps) {
  const isWide = useMedia("(min-width: 64rem)");
  const { pathname } = useLocation();
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => close.current(), [pathname]);
  if (isWide) {
    return (
      <div className="flex w-57 shrink-0 flex-col border-line border-e bg-canvas print:hidden">
        <Contents {...actions} />
      </div>
    );
  }
  return isOpen ? (
    <SidebarOverlay onClose={onClose}>
      <Contents {...actions} />
    </SidebarOverlay>
  ) : null;
}

function Contents({ onSearch, onShortcuts }: Pick<SidebarProps, "onSearch" | "onShortcuts">) {
  const { can } = useSession();
  return (
    <>
      <div className="flex flex-col gap-2 p-2.5">
        <OrganisationMenu />
        <button
          type="button"
          onClick={onSearch}
          className="flex h-8 w-full cursor-pointer items-center gap-2 rounded-6 border border-control bg-surface px-2 text-13 text-muted hover:text-ink pointer-coarse:h-10"
        >
          <Search aria-hidden="true" className="size-4" />
          <span className="flex-1 text-start">{words.search}</span>
          <Kbd keys="mod+k" />
        </button>
      </div>
      <nav aria-label={words.navigation} className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3">
        {navigation.map((group) => {
          const items = group.items.filter((item) => item.scope === undefined || can(item.scope));
          if (items.length === 0) return null;
          return (
            <section key={group.label} aria-label={group.label} className="mt-3 first:mt-0">
              <h2 className="px-2 py-1 text-11 text-muted">{group.label}</h2>
              <ul className="flex flex-col gap-0.5">
                {items.map((item) => (
                  <li key={item.to}>
                    <PageLink item={item} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </nav>
      <AccountMenu onShortcuts={onShortcuts} />
    </>
  );
}

function PageLink({ item }: { item: NavigationItem }) {
  const look = "flex h-8 items-center gap-2.5 rounded-6 px-2 text-13 no-underline pointer-coarse:h-10";
  return (
    <Link
      to={item.to}
      activeOptions={{ includeSearch: false }}
      className={look}
      activeProps={{ className: cx(look, "bg-raised font-medium text-ink"), "aria-current": "page" }}
      inactiveProps={{ className: cx(look, "text-muted hover:bg-raised hover:text-ink") }}
    >
      <item.icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="truncate">{item.label}</span>
    </Link>
  );
}
