/** Where to go on after signing in: a path of this site, and never of another. */
export function safeReturnTo(asked: string | undefined): string {
  if (asked === undefined || !asked.startsWith("/") || asked.startsWith("//")) return "/";
  // A browser takes a backslash for a slash, and drops tabs and line ends.
  if (/[\\\u0000-\u001f\u007f]/.test(asked)) return "/";
  return /^\/(login|register|forgot-password|reset-password|verify-email)([/?#]|$)/.test(asked) ? "/" : asked;
}
