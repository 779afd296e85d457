import { Card, RadioCards, type Theme, useTheme } from "@/ui";
import { words } from "./words";

const text = words.theme;
const THEMES = ["system", "light", "dark"] as const;
const hints: Record<Theme, string> = { system: text.systemHint, light: text.lightHint, dark: text.darkHint };

export function ThemeTab() {
  const [theme, setTheme] = useTheme();
  return (
    <div className="max-w-3xl">
      <Card title={text.title}>
        <RadioCards
          label={text.label}
          value={theme}
          onChange={(value) => setTheme(value as Theme)}
          options={THEMES.map((value) => ({ value, label: text[value], hint: hints[value] }))}
        />
        <p className="mt-3 text-12 text-muted">{text.help}</p>
      </Card>
    </div>
  );
}
