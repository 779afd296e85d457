import { type RegisteredHotkey, useRegisteredHotkeys } from "@/lib/hotkeys";
import { Dialog, Kbd } from "@/ui";
import { words } from "./words";

interface Props {
  open: boolean;
  onClose(): void;
}

/** The shortcuts that work at this moment, by where they belong. */
export function ShortcutsDialog({ open, onClose }: Props) {
  const registered = useRegisteredHotkeys();
  const scopes = byScope(registered);
  return (
    <Dialog open={open} onClose={onClose} title={words.shortcuts} description={words.shortcutsHelp}>
      {scopes.length === 0 ? (
        <p className="text-muted">{words.noShortcuts}</p>
      ) : (
        <div className="flex flex-col gap-5">
          {scopes.map(([scope, hotkeys]) => (
            <section key={scope}>
              <h3 className="mb-1 font-semibold text-12 text-muted">{scope}</h3>
              <dl className="divide-y divide-line">
                {hotkeys.map(({ keys, label }) => (
                  <div key={keys} className="flex min-h-9 items-center justify-between gap-4 py-1">
                    <dt>{label}</dt>
                    <dd>
                      <Kbd keys={keys} className="pointer-coarse:inline-flex" />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
    </Dialog>
  );
}

/** What the page in front brought comes first. */
export function byScope(registered: readonly RegisteredHotkey[]): [string, RegisteredHotkey[]][] {
  const scopes = new Map<string, RegisteredHotkey[]>();
  for (const hotkey of [...registered].reverse()) {
    const others = scopes.get(hotkey.scope);
    if (others) others.unshift(hotkey);
    else scopes.set(hotkey.scope, [hotkey]);
  }
  return [...scopes];
}
