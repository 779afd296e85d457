import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from "lucide-react";
import { Badge, Button, Card, Empty, Foreign, Menu, Select, useAnnounce } from "@/ui";
import { moved, RULES_MAX, type Rule, type RuleFaults } from "./draft";
import { MODES, type Mode } from "./kinds";
import { ModeBadge } from "./kinds-card";
import { words } from "./words";

interface Props {
  rules: readonly Rule[];
  /** What the gateway says of them, by their number. */
  faults: ReadonlyMap<number, RuleFaults>;
  /** Absent: this person may look, and not change. */
  onChange: ((rules: readonly Rule[]) => void) | undefined;
  onAdd(): void;
  onOpen(rule: Rule): void;
}

export function RulesCard({ rules, faults, onChange, onAdd, onOpen }: Props) {
  const announce = useAnnounce();
  const isFull = rules.length >= RULES_MAX;

  function move(from: number, to: number) {
    onChange?.(moved(rules, from, to));
    announce(words.moved(rules[from]?.name ?? "", to + 1));
  }
  function remove(at: number) {
    onChange?.(rules.filter((_, other) => other !== at));
    announce(words.removed(rules[at]?.name ?? ""));
  }

  return (
    <Card
      title={words.rulesTitle}
      padded={false}
      actions={
        onChange && (
          <Button size="sm" icon={Plus} onClick={onAdd} disabled={isFull}>
            {words.addRule}
          </Button>
        )
      }
    >
      <p className="border-line border-b px-4 pb-3 text-muted">
        {isFull ? words.rulesFull : words.rulesHelp}
      </p>
      {rules.length === 0 ? (
        <Empty title={words.noRules}>{words.noRulesHelp}</Empty>
      ) : (
        <ol className="divide-y divide-line">
          {rules.map((rule, at) => (
            <li key={rule.name} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
              <div className="min-w-0 flex-[1_1_14rem]">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-medium font-mono text-13 break-all">{rule.name}</span>
                  <Badge tone="neutral">
                    {rule.pointer === undefined ? words.rulePattern : words.rulePointer}
                  </Badge>
                </p>
                <code className="block font-mono text-12 text-muted break-all">
                  <Foreign max={120}>{rule.pointer ?? rule.pattern ?? ""}</Foreign>
                </code>
                <Faults faults={faults.get(at)} />
              </div>
              {onChange === undefined ? (
                <ModeBadge mode={rule.mode} />
              ) : (
                <div className="flex items-center gap-1">
                  <Select
                    label={words.ruleMode(rule.name)}
                    value={rule.mode}
                    onChange={(mode) =>
                      onChange(
                        rules.map((old, other) => (other === at ? { ...old, mode: mode as Mode } : old)),
                      )
                    }
                    options={MODES.map((value) => ({ value, label: words.modes[value].label }))}
                    className="w-32"
                  />
                  <Menu
                    label={`${rule.name}: …`}
                    items={[
                      { label: words.editRule, icon: Pencil, onSelect: () => onOpen(rule) },
                      {
                        label: words.moveUp,
                        icon: ArrowUp,
                        disabled: at === 0,
                        onSelect: () => move(at, at - 1),
                      },
                      {
                        label: words.moveDown,
                        icon: ArrowDown,
                        disabled: at === rules.length - 1,
                        onSelect: () => move(at, at + 1),
                      },
                      "separator",
                      { label: words.removeRule, icon: Trash2, danger: true, onSelect: () => remove(at) },
                    ]}
                  />
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Faults({ faults }: { faults: RuleFaults | undefined }) {
  if (faults === undefined) return null;
  return (
    <p role="alert" className="text-12 text-bad">
      {Object.values(faults).join(" ")}
    </p>
  );
}
