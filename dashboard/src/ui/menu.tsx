import { Menu as Base } from "@base-ui/react/menu";
import { Ellipsis, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { cx } from "./cx";
import { IconButton } from "./icon-button";
import { itemLook, popupLook } from "./popup";

export interface MenuAction {
  label: string;
  icon?: LucideIcon;
  onSelect(): void;
  danger?: boolean;
  disabled?: boolean;
  hint?: string;
}

export type MenuItem = MenuAction | "separator";

export interface MenuProps {
  label: string;
  /** What opens it; three dots otherwise. */
  trigger?: ReactElement;
  items: readonly MenuItem[];
  align?: "start" | "end";
}

export function Menu({ label, trigger, items, align = "end" }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger ?? <IconButton icon={Ellipsis} label={label} />} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className="z-60 outline-none">
          <Base.Popup aria-label={label} className={cx(popupLook, "min-w-44")}>
            {items.map((item, index) =>
              item === "separator" ? (
                <Base.Separator key={index} className="-mx-1 my-1 border-t" />
              ) : (
                <Base.Item
                  key={index}
                  disabled={item.disabled}
                  onClick={item.onSelect}
                  label={item.label}
                  className={cx(itemLook, item.danger && "text-bad data-highlighted:bg-bad-soft")}
                >
                  {item.icon && (
                    <item.icon
                      aria-hidden="true"
                      className={cx("size-4 shrink-0", !item.danger && !item.disabled && "text-muted")}
                    />
                  )}
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{item.label}</span>
                    {item.hint && <span className="block text-12 text-muted">{item.hint}</span>}
                  </span>
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
