/** Where to go on after signing in: a path of this site, and never of another. */
export function safeReturnTo(asked: string | undefined): string {
  const isPath = asked?.startsWith("/") && !asked.startsWith("//");
  // A browser takes a backslash for a slash, and drops tabs and line ends.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!isPath || /[\\\u0000-\u001f\u007f]/.test(asked)) return "/";
  return /^\/(login|register|forgot-password|reset-password|verify-email)([/?#]|$)/.test(asked) ? "/" : asked;
}
