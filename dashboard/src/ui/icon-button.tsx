import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactElement } from "react";
import { Button, type ButtonVariant } from "./button";
import { cx } from "./cx";
import { Tooltip } from "./tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  /** What it does: its name for screen readers, and its tooltip. */
  label: string;
  shortcut?: string;
  variant?: ButtonVariant;
  size?: "md" | "sm";
  busy?: boolean;
  render?: ReactElement;
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  variant = "ghost",
  size = "md",
  className,
  ...props
}: IconButtonProps) {
  const square = size === "md" ? "size-control px-0" : "size-7 px-0 pointer-coarse:size-control";
  return (
    <Tooltip label={label} shortcut={shortcut} isName>
      <Button {...props} variant={variant} size={size} aria-label={label} className={cx(square, className)}>
        <Icon aria-hidden="true" className="size-4" />
      </Button>
    </Tooltip>
  );
}
