/** What the palette has without asking: the pages, and what can be done. Only what this person may. */
import {
  BookOpen,
  Building2,
  CalendarClock,
  Cpu,
  EyeOff,
  KeyRound,
  Layers,
  Lock,
  type LucideIcon,
  Monitor,
  MonitorSmartphone,
  Moon,
  Scale,
  Signature,
  Sun,
  UserPlus,
} from "lucide-react";
import type { Scope } from "@/api";
import type { LinkTarget, Theme } from "@/ui";
import { navigation, start } from "../navigation";
import type { Entry } from "./entry";
import { words } from "./words";

type May = (scope: Scope) => boolean;

export function pages(may: May): Entry[] {
  const items = [...navigation.flatMap((group) => group.items), start];
  return items
    .filter(({ scope }) => scope === undefined || may(scope))
    .map(({ to, label, icon, key }) => ({
      id: `page ${to}`,
      group: "pages",
      label,
      icon,
      alsoCalled: words.alsoCalled[to],
      keys: key && `g ${key}`,
      run: { to },
    }));
}

const { actions: text } = words;
const leading: readonly (readonly [string, LucideIcon, LinkTarget, Scope?])[] = [
  [text.createKey, KeyRound, { to: "/keys", search: { new: "1" } }, "keys:manage"],
  [text.createSigningKey, Signature, { to: "/signing-keys", search: { new: "1" } }, "keys:manage"],
  [text.registerSystem, Cpu, { to: "/ai-systems", search: { new: "1" } }, "keys:manage"],
  [text.createTopic, Layers, { to: "/topics", search: { create: "1" } }, "topics:manage"],
  [text.invite, UserPlus, { to: "/members", search: { invite: "1" } }, "members:manage"],
  [text.addRule, EyeOff, { to: "/redaction", search: { rule: "+" } }, "organisation:manage"],
  [
    text.placeHold,
    Scale,
    { to: "/settings", search: { tab: "retention", hold: "new" } },
    "organisation:manage",
  ],
  [text.retention, CalendarClock, { to: "/settings", search: { tab: "retention" } }, "organisation:manage"],
  [text.createOrganisation, Building2, { to: "/settings", search: { tab: "organisation", new: "1" } }],
  [text.changePassword, Lock, { to: "/settings", search: { tab: "profile" } }],
  [text.devices, MonitorSmartphone, { to: "/settings", search: { tab: "sessions" } }],
];

const themes: readonly (readonly [Theme, LucideIcon])[] = [
  ["light", Sun],
  ["dark", Moon],
  ["system", Monitor],
];

interface Does {
  may: May;
  setTheme(theme: Theme): void;
}

export function actions({ may, setTheme }: Does): Entry[] {
  return [
    ...leading
      .filter(([, , , scope]) => scope === undefined || may(scope))
      .map(([label, icon, run]): Entry => ({ id: `action ${label}`, group: "actions", label, icon, run })),
    ...themes.map(
      ([theme, icon]): Entry => ({
        id: `theme ${theme}`,
        group: "actions",
        label: text[theme],
        icon,
        run: () => setTheme(theme),
      }),
    ),
    {
      id: "action documentation",
      group: "actions",
      label: text.documentation,
      icon: BookOpen,
      run: () => void window.open("/api/docs", "_blank", "noopener"),
    },
  ];
}
