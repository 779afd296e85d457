/** Amounts in few digits, with all of them as the title. */
import { formatBytes, formatCount, formatExact } from "@/lib/numbers";

export interface AmountProps {
  value: number;
  className?: string;
}

function Amount({ shown, exact, className }: { shown: string; exact: string; className?: string }) {
  return (
    <span title={shown === exact ? undefined : exact} className={className}>
      {shown}
    </span>
  );
}

/** `1.2 MB`. */
export function Bytes({ value, className }: AmountProps) {
  const isSmall = Math.abs(value) < 1000;
  const shown = formatBytes(value);
  return (
    <Amount shown={shown} exact={isSmall ? shown : `${formatExact(value)} bytes`} className={className} />
  );
}

/** `12,345`, `1.2M`. */
export function Count({ value, className }: AmountProps) {
  return <Amount shown={formatCount(value)} exact={formatExact(value)} className={className} />;
}
