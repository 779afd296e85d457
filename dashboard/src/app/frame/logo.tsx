import { words } from "../words";

/** The mark and the name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-14">
      <img src="/favicon.svg" alt="" width={20} height={20} />
      {words.product}
    </span>
  );
}
