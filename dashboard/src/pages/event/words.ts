/** Every text of an event's own page. */
export const words = {
  title: "Event",
  back: "Live events",
  missing: "No such event",
  missingText:
    "No event of this id is stored. One that was just recorded takes a moment; one that is older than the retention is gone.",
  lookAgain: "Look again",
} as const;
