/** Server-sent events, from the bytes of an answer, as the HTML standard has them. */

import { UnreadableError } from "../errors.js";

/** One event. */
export interface ServerSentEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** A frame may be so long, in UTF-16 units; the gateway's are at most some hundred thousand. */
export const FRAME_LENGTH_MAX = 4 * 1024 * 1024;

/** Takes text as it comes, in whatever pieces, and gives what is complete. */
export class SseParser {
  private rest = "";
  private type = "";
  private data: string[] = [];
  private dataLength = 0;
  private id: string | undefined;

  /** Throws an {@link UnreadableError} when a frame is longer than any of a gateway's. */
  *push(text: string): Generator<ServerSentEvent> {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    if (this.rest.length + this.dataLength > FRAME_LENGTH_MAX) {
      throw new UnreadableError("a frame of the stream is longer than any of a gateway's");
    }
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) yield { type: this.type || "message", data: this.data.join("\n"), id: this.id };
        this.type = "";
        this.data = [];
        this.dataLength = 0;
        this.id = undefined;
      } else {
        this.field(line);
      }
    }
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment: the gateway is there
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.type = value;
    else if (name === "id") this.id = value;
    else if (name === "data") {
      this.data.push(value);
      this.dataLength += value.length;
    }
  }
}
