/** What is picked in the list, and what can be done with it. */
import { Button, Checkbox } from "@/ui";
import { words } from "./words";

interface Props {
  /** How many can be picked. */
  pickable: number;
  chosen: number;
  onPickAll(all: boolean): void;
  onRedrive(): void;
}

export function Picked({ pickable, chosen, onPickAll, onRedrive }: Props) {
  if (pickable === 0) return null;
  return (
    <div className="mb-2 flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2">
      <Checkbox label={words.selectAll(pickable)} checked={chosen === pickable} onChange={onPickAll} />
      {chosen > 0 && (
        <div className="flex items-center gap-2">
          <span className="text-13 text-muted tabular-nums" aria-live="polite">
            {words.selected(chosen)}
          </span>
          <Button size="sm" variant="primary" onClick={onRedrive}>
            {words.redriveSelected(chosen)}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => onPickAll(false)}>
            {words.clearSelection}
          </Button>
        </div>
      )}
    </div>
  );
}
