/** An entry as a sentence, in which names stand out and stay in their own writing direction. */
import { Foreign } from "@/ui";
import { type Entry, type Names, sentence } from "./entry";

const NAME_CHARS_MAX = 80;

export function EntrySentence({ of, names }: { of: Entry; names: Names }) {
  return sentence(of, names).map((part, at) =>
    part.kind === "text" ? (
      part.text
    ) : (
      <Foreign key={at} max={NAME_CHARS_MAX} className="font-medium text-ink">
        {part.text}
      </Foreign>
    ),
  );
}
