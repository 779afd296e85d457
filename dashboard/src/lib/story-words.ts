/** The shape of a story, and its words. */
import { brief } from "./brief";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

export interface Fact {
  label: string;
  value: string;
  /** Where it stands in the event. */
  pointer: string;
  mono?: boolean;
  tone?: Tone;
}

export interface ChatPart {
  pointer: string;
  /** Words, or anything else that a message may be made of. */
  text?: string;
  value?: unknown;
  /** What kind of part it is, where that is not plain words. */
  label?: string;
}

export interface ChatMessage {
  role: string;
  parts: ChatPart[];
}

export interface Option {
  pointer: string;
  value: unknown;
  isChosen: boolean;
}

export type Section =
  | { kind: "text"; title: string; pointer: string; text: string }
  | { kind: "value"; title: string; pointer: string; value: unknown }
  | { kind: "stack"; title: string; pointer: string; text: string }
  | { kind: "chat"; title: string; pointer: string; messages: ChatMessage[] }
  | {
      kind: "options";
      title: string;
      pointer: string;
      options: Option[];
      /** What was chosen, where that is none of the options. */
      other?: { pointer: string; value: unknown };
      confidence?: number;
    };

export interface Story {
  type: string;
  /** A sentence. */
  title: string;
  tone: Tone;
  facts: Fact[];
  sections: Section[];
}

export const words = {
  unknown: "An event",
  action: "Action",
  decision: "Decision",
  error: "Error",
  query: "Query",
  response: "Response",
  called: (name: string) => `Called ${name}`,
  calledIn: (name: string, took: string) => `Called ${name} in ${took}`,
  chose: (chosen: string, kind: string) => (kind === "" ? `Chose “${chosen}”` : `${kind}: chose “${chosen}”`),
  sure: (line: string, confidence: string) => `${line}, ${confidence} sure`,
  failed: (code: string, message: string) => (message === "" ? code : `${code}: ${message}`),
  asked: (model: string) => (model === "" ? "Asked" : `Asked ${model}`),
  answered: (model: string) => (model === "" ? "Answered" : `${model} answered`),
  in: (line: string, took: string) => `${line} in ${took}`,
  function: "Function",
  model: "Model",
  latency: "Latency",
  tokens: "Tokens",
  tokensIn: "Tokens in",
  tokensOut: "Tokens out",
  kind: "Kind",
  confidence: "Confidence",
  optionCount: "Options",
  code: "Code",
  recoverable: "Recoverable",
  yes: "Yes",
  no: "No",
  finish: "Finish reason",
  messageCount: "Messages",
  input: "Input",
  output: "Output",
  why: "Why",
  options: "What could be chosen",
  message: "Message",
  stack: "Stack",
  messages: "Conversation",
  prompt: "Prompt",
  parameters: "Parameters",
  other: "Other members",
  chosen: "Chosen",
  noRole: "message",
  toolCalls: "calls",
} as const;

/** The parts of an event, in the order in which one asks which it is about. */
export const PARTS = ["error", "decision", "action", "query", "response"] as const;
export type Part = (typeof PARTS)[number];

export const NAME_CHARS_MAX = 80;
export const LINE_CHARS_MAX = 160;

/** A name in a sentence: text, or whatever stands in its place, in few characters. */
export function nameOf(value: unknown): string {
  return value === undefined || value === null ? "" : brief(value, NAME_CHARS_MAX);
}
