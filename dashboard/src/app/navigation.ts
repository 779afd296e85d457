/** The pages in their order, as the sidebar, the palette and the shortcuts list them. */
import {
  Activity,
  Blocks,
  Cpu,
  EyeOff,
  FileWarning,
  HeartPulse,
  KeyRound,
  Layers,
  type LucideIcon,
  Radio,
  Rows3,
  ScrollText,
  Settings,
  Signature,
  Users,
} from "lucide-react";
import type { Scope } from "@/api";
import { words } from "./words";

export interface NavigationItem {
  to: string;
  label: string;
  icon: LucideIcon;
  /** The second key of `g …`. */
  key?: string;
  /** What one needs to see it; without, everybody may. */
  scope?: Scope;
}

export interface NavigationGroup {
  label: string;
  items: NavigationItem[];
}

const { groups, pages } = words;

export const navigation: NavigationGroup[] = [
  {
    label: groups.observe,
    items: [
      { to: "/live", label: pages.live, icon: Radio, key: "l", scope: "events:read" },
      { to: "/sessions", label: pages.sessions, icon: Rows3, key: "s", scope: "events:read" },
      { to: "/statistics", label: pages.metrics, icon: Activity, key: "m", scope: "metrics:read" },
    ],
  },
  {
    label: groups.data,
    items: [
      { to: "/topics", label: pages.topics, icon: Layers, key: "t", scope: "events:read" },
      { to: "/dead-letters", label: pages.deadLetters, icon: FileWarning, key: "d", scope: "topics:manage" },
    ],
  },
  {
    label: groups.access,
    items: [
      { to: "/keys", label: pages.keys, icon: KeyRound, key: "k", scope: "keys:manage" },
      { to: "/signing-keys", label: pages.signingKeys, icon: Signature, scope: "keys:manage" },
      { to: "/ai-systems", label: pages.aiSystems, icon: Cpu, scope: "events:read" },
      { to: "/members", label: pages.members, icon: Users, scope: "members:read" },
    ],
  },
  {
    label: groups.govern,
    items: [
      { to: "/redaction", label: pages.redaction, icon: EyeOff },
      { to: "/audit", label: pages.audit, icon: ScrollText, key: "a", scope: "audit:read" },
      { to: "/status", label: pages.status, icon: HeartPulse },
      { to: "/settings", label: pages.settings, icon: Settings, key: "e" },
    ],
  },
];

/** Stands apart: of use until the first event is there. */
export const start: NavigationItem = { to: "/start", label: pages.start, icon: Blocks };
