/** Names of organisations and of holds, as the gateway takes them: one line, nothing blank at its ends. */
export const NAME_CHARS_MAX = 64;

export function isName(text: string): boolean {
  const chars = [...text].length;
  return (
    chars >= 1 &&
    chars <= NAME_CHARS_MAX &&
    /^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$/.test(text)
  );
}
