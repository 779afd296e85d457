/** Waits for a condition, never for a time; after a minute it says what did not come. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, forMs = 60_000): Promise<void> {
  const endMs = Date.now() + forMs;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`it did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
