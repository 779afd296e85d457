/** A picture for what an action is about. */
import {
  Activity,
  Bookmark,
  Building2,
  CircleDot,
  Cpu,
  EyeOff,
  FileWarning,
  KeyRound,
  Layers,
  LogIn,
  type LucideIcon,
  Mail,
  Scale,
  Signature,
  Timer,
  User,
  Users,
} from "lucide-react";
import { nounOf } from "./entry";

const ICONS: Readonly<Record<string, LucideIcon>> = {
  api_key: KeyRound,
  signing_key: Signature,
  ai_system: Cpu,
  member: Users,
  invitation: Mail,
  session: LogIn,
  user: User,
  account: User,
  organisation: Building2,
  redaction: EyeOff,
  retention: Timer,
  legal_hold: Scale,
  events: Activity,
  topic: Layers,
  consumer_group: Layers,
  dead_letter: FileWarning,
  view: Bookmark,
};

export function iconOf(action: string): LucideIcon {
  const noun = nounOf(action);
  return Object.hasOwn(ICONS, noun) ? (ICONS[noun] ?? CircleDot) : CircleDot;
}
