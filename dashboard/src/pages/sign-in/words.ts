/** The address says who refused and why, and anyone can write an address: what it says is looked up, never shown. */
const PROVIDERS: Readonly<Record<string, string>> = { google: "Google", github: "GitHub" };

function refusedBy(code: string, word: string | undefined): string {
  const provider =
    (word !== undefined && Object.hasOwn(PROVIDERS, word) && PROVIDERS[word]) || "The provider";
  switch (code) {
    case "provider_sign_in_failed":
      return `${provider} did not sign you in: you declined, took longer than ten minutes, began in another browser, or your address is not verified there. Try again.`;
    case "registration_closed":
      return "Nobody has your address here, and accounts are made by invitation. Ask an owner or admin of your organisation to invite you.";
    case "too_many_attempts":
      return "Too many sign-ins failed from where you are. Try again in some minutes.";
    case "provider_unavailable":
    case "overloaded":
      return `${provider} can't be asked just now. Try again in a moment, or sign in with your password.`;
    default:
      return `Signing in with ${provider === "The provider" ? "this provider" : provider} is not possible here. Sign in another way.`;
  }
}

export const words = {
  login: {
    refused: refusedBy,
    title: "Sign in",
    forgot: "Forgot your password?",
    noAccount: "No account yet?",
    register: "Make one",
    verified: "Your address is confirmed.",
    reset: "Your new password is set. Sign in with it.",
  },
  register: {
    title: "Make an account",
    submit: "Make the account",
    terms: "I agree to the terms of whoever runs this installation",
    termsMissing: "Without your agreement there is no account.",
    haveOne: "You have an account?",
    signIn: "Sign in",
    closed: "Accounts are made by invitation here. Ask an owner or admin of your organisation to invite you.",
    sentTitle: "Look into your mail",
    sent: "If this address can have an account, a link is on its way. It is good for 24 hours, and for one use.",
    noMail: "Nothing came? Look among the junk, then make the account again after a minute.",
  },
  forgot: {
    title: "Forgot your password",
    text: "A link to set a new one is sent to the address of your account.",
    submit: "Send the link",
    sentTitle: "Look into your mail",
    sent: "If there is an account of this address, a link is on its way. It is good for an hour, and for one use.",
    back: "Back to signing in",
  },
  reset: {
    title: "Set a new password",
    password: "New password",
    submit: "Set it",
    noToken: "This link is not whole. Open it again from the e-mail, or ask for another.",
    again: "Ask for another link",
  },
  verify: {
    title: "Confirm your address",
    working: "One moment…",
    failed: "This link is not good any more: it was used, or it is older than 24 hours.",
    again: "Make the account again",
    signIn: "Sign in",
  },
  invitation: {
    title: "You are invited",
    text: "Somebody invited you into their organisation.",
    accept: "Accept the invitation",
    as: "You are signed in as",
    isNew: "I am new here",
    hasAccount: "I have an account",
    join: "Make the account and join",
    noToken: "This link is not whole. Open it again from the e-mail, or ask for another invitation.",
    wrongPerson: "Sign in as somebody else",
  },
  email: "E-mail",
  name: "Your name",
  password: "Password",
} as const;
