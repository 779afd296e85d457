/** What stands below the last row: that more comes, that there is no more, or why it does not come. */
import { Button, Problem, Spinner } from "@/ui";
import type { LiveList, View } from "./live-list";
import { words } from "./words";

interface Props {
  list: LiveList;
  view: View;
  /** Asks for what is older than the last row. */
  onGoOn(): void;
}

export function EndOfRows({ list, view, onGoOn }: Props) {
  switch (view.history.kind) {
    case "loading":
      return (
        <Line>
          <Spinner />
          {words.loadingOlder}
        </Line>
      );
    case "end":
      return view.head.length + view.tail.length > 0 ? <Line>{words.endOfHistory}</Line> : null;
    case "full":
      return (
        <Line>
          {words.fullHistory}
          <Button size="sm" onClick={onGoOn}>
            {words.goOn}
          </Button>
        </Line>
      );
    case "failed":
      return (
        <div className="p-4">
          <Problem error={view.history.problem} onRetry={() => list.more()} />
        </div>
      );
    case "none":
      return view.head.length > 0 ? <Line>{words.noHistory}</Line> : null;
    case "more":
      return null;
  }
}

function Line({ children }: { children: React.ReactNode }) {
  return <div className="flex h-12 items-center justify-center gap-2 text-12 text-faint">{children}</div>;
}
