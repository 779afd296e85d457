/** A link to an address that is given as text: inside the page without loading it anew, as the router's links are. */
import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

type HrefLinkProps = Omit<ComponentProps<"a">, "href"> & { href: string };

/** A plain click; with a modifier the browser is to open a tab or a window, which it knows best. */
function isPlain(event: MouseEvent<HTMLAnchorElement>): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function HrefLink({ href, onClick, ...props }: HrefLinkProps) {
  const router = useRouter({ warn: false }) as ReturnType<typeof useRouter> | undefined;
  const isOurs = href.startsWith("/") && !href.startsWith("//");
  return (
    <a
      {...props}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (router == null || !isOurs || event.defaultPrevented || !isPlain(event)) return;
        event.preventDefault();
        void router.navigate({ href });
      }}
    />
  );
}
