/** The live list of a page: made once, asked again when the question changes, and drawn a few times a second. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { onSessionBegunAgain } from "@/api";
import { LiveList, type Question, type View } from "./live-list";
import { browser } from "./world";

const FLUSH_MS = 250;

export function useLive(question: Question): { list: LiveList; view: View } {
  const [list] = useState(() => new LiveList(browser));
  useEffect(() => list.ask(question), [list, question]);
  useEffect(() => {
    let frame = 0;
    const timer = setInterval(() => {
      // Behind a page that is not seen nothing is drawn; what comes is kept.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => list.flush());
    }, FLUSH_MS);
    return () => {
      clearInterval(timer);
      cancelAnimationFrame(frame);
      list.stop();
    };
  }, [list]);
  // The stream ended with the session that it was opened by.
  useEffect(
    () =>
      onSessionBegunAgain(() => {
        const { kind } = list.view.stream;
        if (kind === "ended" || kind === "reconnecting") list.retry();
      }),
    [list],
  );
  const view = useSyncExternalStore(list.subscribe, () => list.view);
  return { list, view };
}
