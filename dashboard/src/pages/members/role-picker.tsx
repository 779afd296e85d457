/** One of the roles that one may give, each with what it may. */
import { type RoleName, rolesToGive } from "@/lib/roles";
import { RadioCards } from "@/ui";
import { words } from "./words";

interface Props {
  label: string;
  /** Whoever gives it. */
  giver: RoleName;
  value: RoleName;
  onChange(role: RoleName): void;
}

export function RolePicker({ label, giver, value, onChange }: Props) {
  const roles = rolesToGive(giver);
  return (
    <RadioCards
      label={label}
      value={value}
      onChange={(next) => onChange(roles.find((role) => role === next) ?? value)}
      options={roles.map((role) => ({
        value: role,
        label: words.roles[role].label,
        hint: words.roles[role].hint,
      }))}
    />
  );
}
