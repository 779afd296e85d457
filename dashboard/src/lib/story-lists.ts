/** What a story tells item by item: the options of a decision, the messages of a conversation. */
import { asMembers, isSameJson, member } from "./any-json";
import { brief } from "./brief";
import { formatPointer } from "./pointer";
import { type ChatMessage, type ChatPart, NAME_CHARS_MAX, nameOf, type Option, words } from "./story-words";

/** The options, of which at most one is the chosen one, though the same may stand there twice. */
export function markOptions(options: readonly unknown[], chosen: unknown, pointer: string): Option[] {
  const first = chosen === undefined ? -1 : options.findIndex((option) => isOption(option, chosen));
  return options.map((value, index) => ({
    pointer: `${pointer}/${index}`,
    value,
    isChosen: index === first,
  }));
}

/** Whether this option is the one that was chosen: the same JSON, or named by it. */
function isOption(option: unknown, chosen: unknown): boolean {
  if (isSameJson(option, chosen)) return true;
  if (typeof chosen !== "string" && typeof chosen !== "number") return false;
  return ["id", "name", "label", "value"].some((name) => member(option, name) === chosen);
}

/** The conversation: whose turn it was and what they said, called or showed. */
export function chat(messages: readonly unknown[], pointer: string): ChatMessage[] {
  return messages.map((message, index) => {
    const at = `${pointer}/${index}`;
    const of = asMembers(message);
    if (of === undefined) return { role: words.noRole, parts: [part(message, at)] };
    const parts: ChatPart[] = [];
    const { role, content, tool_calls: calls, ...others } = of;
    if (Array.isArray(content)) {
      for (const [place, piece] of content.entries()) parts.push(part(piece, `${at}/content/${place}`));
    } else if (content !== undefined && content !== null) parts.push(part(content, `${at}/content`));
    if (Array.isArray(calls)) {
      for (const [place, call] of calls.entries()) parts.push(toolCall(call, `${at}/tool_calls/${place}`));
    } else if (calls !== undefined) parts.push({ pointer: `${at}/tool_calls`, value: calls });
    for (const [name, value] of Object.entries(others)) {
      parts.push({ ...part(value, `${at}${formatPointer([name])}`), label: brief(name, NAME_CHARS_MAX) });
    }
    return { role: nameOf(role) || words.noRole, parts };
  });
}

function part(value: unknown, pointer: string): ChatPart {
  if (typeof value === "string") return { pointer, text: value };
  const of = asMembers(value);
  if (of?.["type"] === "text" && typeof of["text"] === "string" && Object.keys(of).length === 2) {
    return { pointer: `${pointer}/text`, text: of["text"] };
  }
  return { pointer, value };
}

function toolCall(call: unknown, pointer: string): ChatPart {
  const name = member(member(call, "function"), "name");
  const label = `${words.toolCalls} ${nameOf(name)}`.trim();
  return { pointer, value: call, label };
}
