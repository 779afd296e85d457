import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** How far below what is seen something is made ready, so that nobody who scrolls waits for it. */
const AHEAD = "160px 0px";

/** True from when the element is, or is about to be, in sight; at once where nothing tells, and for the printer. */
export function useSeen(element: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    const target = element.current;
    if (isSeen || target === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: AHEAD },
    );
    const print = () => flushSync(() => setSeen(true));
    observer.observe(target);
    addEventListener("beforeprint", print);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", print);
    };
  }, [element, isSeen]);
  return isSeen;
}
