import { Button as BaseButton } from "@base-ui/react/button";
import { mergeProps } from "@base-ui/react/merge-props";
import type { BaseUIEvent } from "@base-ui/react/types";
import type { LucideIcon } from "lucide-react";
import {
  type ComponentProps,
  cloneElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useContext,
} from "react";
import { cx } from "./cx";
import { Explained } from "./explained";
import { Spinner } from "./spinner";
import { useDelayed } from "./use-delayed";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: "md" | "sm";
  icon?: LucideIcon;
  /** It is being done: no second press, and a spinner when it takes longer than 150 ms. The width stays. */
  busy?: boolean;
  /** Another element that looks like this button, such as a link. */
  render?: ReactElement;
}

const BUSY_SHOWN_AFTER_MS = 150;

const base =
  "relative inline-flex shrink-0 select-none items-center justify-center rounded-6 border border-transparent font-medium " +
  "text-13 whitespace-nowrap no-underline transition-colors duration-100";

const sizes = {
  md: "h-control gap-1.5 px-3",
  sm: "h-7 gap-1 px-2 text-12 pointer-coarse:h-control",
} as const;

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  danger: "bg-bad text-on-bad hover:bg-bad-hover",
  secondary: "border-control bg-surface text-ink hover:bg-raised aria-expanded:bg-raised",
  ghost: "text-muted hover:bg-raised hover:text-ink aria-expanded:bg-raised aria-expanded:text-ink",
};

/** A busy button keeps its colours: it is not forbidden, it is at work. */
const disabledLooks: Record<ButtonVariant, string> = {
  primary: "border-line bg-raised text-faint",
  danger: "border-line bg-raised text-faint",
  secondary: "border-line bg-surface text-faint",
  ghost: "text-faint",
};

/** What is done when it is pressed; its words are a verb. Not a submit button unless `type` says so. */
export function Button({
  variant = "secondary",
  size = "md",
  icon: Icon,
  busy = false,
  render,
  disabled = false,
  type = "button",
  className,
  children,
  ...props
}: ButtonProps) {
  const isExplained = useContext(Explained);
  const isSlow = useDelayed(busy, BUSY_SHOWN_AFTER_MS);
  const look = cx(base, sizes[size], disabled ? disabledLooks[variant] : variants[variant], className);
  const content = (
    <ButtonContent isHidden={isSlow} icon={Icon && <Icon aria-hidden="true" className={iconSizes[size]} />}>
      {children}
    </ButtonContent>
  );

  if (render)
    return <Rendered as={render} look={look} isOff={disabled || busy} props={props} content={content} />;
  return (
    <BaseButton
      {...props}
      type={type}
      disabled={disabled || busy}
      focusableWhenDisabled={busy || isExplained}
      aria-busy={busy || undefined}
      className={look}
    >
      {content}
    </BaseButton>
  );
}

const iconSizes = { md: "-ms-0.5 size-4 shrink-0", sm: "-ms-0.5 size-3.5 shrink-0" } as const;

function ButtonContent({
  isHidden,
  icon,
  children,
}: {
  isHidden: boolean;
  icon: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      {isHidden && <Spinner className="absolute" />}
      <span className={cx("inline-flex min-w-0 items-center gap-[inherit]", isHidden && "opacity-0")}>
        {icon}
        {children}
      </span>
    </>
  );
}

interface RenderedProps {
  as: ReactElement;
  look: string;
  isOff: boolean;
  props: object;
  content: ReactNode;
}

/** Another element in the button's clothes; it keeps what it is for (a link stays a link). */
function Rendered({ as, look, isOff, props, content }: RenderedProps) {
  const own = as.props as { className?: string };
  const merged = mergeProps<"a">(own, props, isOff ? { "aria-disabled": true, onClick: refuse } : undefined);
  return cloneElement(as, { ...merged, className: cx(look, own.className) } as object, content);
}

/** Neither followed nor told to anybody. */
function refuse(event: BaseUIEvent<MouseEvent<HTMLElement>>): void {
  event.preventDefault();
  event.preventBaseUIHandler();
}
