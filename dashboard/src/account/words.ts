export const words = {
  email: "E-mail",
  password: "Password",
  name: "Your name",
  signIn: "Sign in",
  wrong: "No account has this e-mail address with this password.",
  tooMany: (seconds: number | undefined) =>
    seconds === undefined
      ? "Too many attempts. Try again later."
      : `Too many attempts. Try again in ${seconds} s.`,
  noCookies:
    "You signed in, but the browser keeps no secure cookies for this address. Open the dashboard over HTTPS, or on localhost.",
  providers: (name: string) => `Continue with ${name}`,
  or: "or",
  rules: {
    long: "8 characters or more",
    short: "256 characters at most",
    email: "not your e-mail address",
    name: "not your name",
    met: "met",
    missing: "missing",
  },
} as const;
