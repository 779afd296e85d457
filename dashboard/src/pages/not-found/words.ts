export const words = {
  title: "There is no such page",
  text: "The address may be mistyped, or what it led to is gone.",
  home: "Go to the first page",
} as const;
