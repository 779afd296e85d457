export const words = {
  title: "Get started",
  subtitle: "Three steps, and what your AI does is on record.",
  done: "Done",
  key: {
    title: "Make a key",
    text: "An API key lets your program send; a signing key proves that an event is yours. Both are shown once.",
    make: "Make the keys",
    apiKey: "API key",
    signingKey: "Signing secret",
    keyId: "Signing key",
    shownOnce: "This is the only time that they are shown. Keep them where your secrets are.",
    notAllowed: "Only an owner or admin makes keys. Ask one for an API key and a signing key.",
    name: "First key",
  },
  send: {
    title: "Send the first event",
    text: "Run this in a terminal. The event is signed with your key, and may be sent again for ten minutes.",
    waitForKey: "Make the keys first: they are filled in here.",
    fresh: "Sign a new one",
    languages: { curl: "curl", python: "Python", typescript: "TypeScript", rust: "Rust" },
    label: "Language",
    insecure:
      "This browser signs only on pages that came over HTTPS or from localhost. Use one of the SDKs instead.",
  },
  arrive: {
    title: "Watch it arrive",
    waiting: "Waiting for the first event…",
    came: "It is here: signed, checked, and on disk.",
    open: "Look at it",
    session: "Look at its session",
    live: "Go to the live events",
  },
} as const;
