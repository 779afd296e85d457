/** Opened by a key, and loaded with the first of them: the palette, and the list of shortcuts. */
export { Palette } from "./palette";
export { ShortcutsDialog } from "./shortcuts-dialog";
