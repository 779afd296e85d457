import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cx } from "./cx";

export interface TabsProps {
  value: string;
  onChange(value: string): void;
  tabs: readonly { value: string; label: string; content: ReactNode }[];
  className?: string;
}

/** Parts of one page, one of which is shown. On a narrow screen the row of tabs is scrolled by itself. */
export function Tabs({ value, onChange, tabs, className }: TabsProps) {
  return (
    <Base.Root value={value} onValueChange={onChange} className={cx("min-w-0", className)}>
      <Base.List className="relative flex gap-1 overflow-x-auto border-b [scrollbar-width:none]">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px h-9 shrink-0 select-none border-transparent border-b-2 px-2.5 font-medium text-13 text-muted transition-colors duration-100 hover:text-ink focus-visible:-outline-offset-2 data-active:border-accent data-active:text-ink pointer-coarse:h-11"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="pt-5 focus-visible:outline-offset-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
