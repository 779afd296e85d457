import { Time } from "@/ui";
import type { Since } from "./health";
import { words } from "./words";

/** Since when it is so; of what was so from the first look on, that it is no younger than that. */
export function SinceWhen({ since }: { since: Since }) {
  return (
    <>
      {since.isSeen ? words.since : words.sinceAtLeast} <Time value={since.sinceMs} style="time" /> (
      <Time value={since.sinceMs} style="relative" />)
    </>
  );
}
