/** Says which keys end soon, before their programs are refused. */
import { Callout, Foreign } from "@/ui";
import type { ApiKey, endingSoon } from "./rules";
import { words } from "./words";

const LISTED_MAX = 5;

interface Props {
  soon: ReturnType<typeof endingSoon>;
  onExtend(key: ApiKey): void;
}

export function EndingSoon({ soon, onExtend }: Props) {
  return (
    <Callout tone="warn" title={words.soon.title(soon.length)}>
      <p>{words.soon.body}</p>
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {soon.slice(0, LISTED_MAX).map(({ key, left }) => (
          <li key={key.id}>
            <button
              type="button"
              className="rounded-4 font-medium underline underline-offset-2 outline-offset-2 focus-visible:outline-2 focus-visible:outline-focus"
              aria-label={words.soon.extend(key.name)}
              onClick={() => onExtend(key)}
            >
              <Foreign max={40}>{key.name}</Foreign>
            </button>{" "}
            {words.soon.in(left)}
          </li>
        ))}
        {soon.length > LISTED_MAX && <li>{words.more(soon.length - LISTED_MAX)}</li>}
      </ul>
    </Callout>
  );
}
