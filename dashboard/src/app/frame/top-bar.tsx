import { Menu, Search } from "lucide-react";
import { IconButton } from "@/ui";
import { words } from "../words";
import { Logo } from "./logo";

/** On narrow screens: the way to the pages and to the search. */
export function TopBar({ onMenu, onSearch }: { onMenu(): void; onSearch(): void }) {
  return (
    <header className="flex h-12 shrink-0 items-center justify-between gap-2 border-line border-b bg-canvas px-2 lg:hidden print:hidden">
      <IconButton icon={Menu} label={words.openMenu} onClick={onMenu} />
      <Logo />
      <IconButton icon={Search} label={words.search} onClick={onSearch} />
    </header>
  );
}
