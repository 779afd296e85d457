/** What floats: menus, lists to choose from. */

export const popupLook =
  "max-h-(--available-height) min-w-(--anchor-width) max-w-(--available-width) origin-(--transform-origin) overflow-y-auto " +
  "overscroll-contain rounded-8 border border-line bg-popover p-1 text-13 text-ink shadow-popover outline-none " +
  "transition-[opacity,scale] duration-100 data-ending-style:opacity-0 data-instant:transition-none " +
  "data-starting-style:scale-98 data-starting-style:opacity-0 print:hidden";

export const itemLook =
  "flex min-h-8 cursor-default select-none items-center gap-2 rounded-6 px-2 py-1 outline-none " +
  "data-highlighted:bg-raised data-disabled:text-faint pointer-coarse:min-h-10 " +
  "forced-colors:data-highlighted:outline-1";
