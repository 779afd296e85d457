import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { cx } from "./cx";

/** Where a row or a back link leads; its route is checked by the router when it is followed. */
export interface LinkTarget {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, unknown>;
}

function Anchor({ className, ...props }: ComponentProps<"a">) {
  return (
    <a
      {...props}
      className={cx(
        "rounded-4 text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-current",
        className,
      )}
    />
  );
}

/** A link to another page of the dashboard, as part of a text. */
export const Link: LinkComponent<typeof Anchor> = /* @__PURE__ */ createLink(Anchor);

/** The same for a target that came as data. */
export function LinkTo({ target, ...props }: { target: LinkTarget } & Omit<ComponentProps<"a">, "target">) {
  return <Link {...(target as unknown as ComponentProps<typeof Link>)} {...props} />;
}
