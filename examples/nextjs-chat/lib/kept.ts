import { z } from "zod";

/** A chat's id is also the session of its events. It can't be guessed, and who has it may read them. */
export const ChatId = z.string().regex(/^chat-[0-9a-f-]{36}$/);

/** One event, as the page shows it. */
export interface Kept {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly text: string;
  /** What was hidden of it, such as `email`. */
  readonly hidden: readonly string[];
  /** Whether its signature was verified again here; of what is hidden, nobody can but the sender. */
  readonly isVerified: boolean;
}
