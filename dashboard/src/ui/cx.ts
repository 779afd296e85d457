/** Class names put together; of two that say the same thing the later one holds. */
import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = /* @__PURE__ */ extendTailwindMerge({
  extend: {
    theme: {
      text: ["11", "12", "13", "14", "16", "20", "26"],
      radius: ["4", "6", "8", "12"],
      spacing: ["control"],
      shadow: ["popover", "dialog"],
    },
  },
});

export function cx(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
