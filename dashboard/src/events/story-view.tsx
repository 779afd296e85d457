/** The story of an event, as it is read. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { formatCount, formatPercent } from "@/lib/numbers";
import type { ChatMessage, ChatPart, Fact, Section, Story } from "@/lib/story";
import { visible } from "@/lib/text";
import { Badge, Callout, DataList, Foreign, Json } from "@/ui";
import { LongText, MarkedText } from "./marked-text";
import { marksWithin, type Redaction } from "./record";
import { words } from "./words";

/** More are in the JSON, which draws only what is seen. */
const ITEMS_MAX = 100;

interface Props {
  story: Story;
  redactions: readonly Redaction[];
}

export function StoryView({ story, redactions }: Props) {
  if (story.facts.length === 0 && story.sections.length === 0)
    return <Callout tone="info">{words.noStory}</Callout>;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {story.facts.length > 0 && (
        <DataList
          items={story.facts.map((fact) => ({
            label: fact.label,
            value: <FactValue fact={fact} redactions={redactions} />,
          }))}
        />
      )}
      {story.sections.map((section) => (
        <Part key={section.pointer} title={section.title}>
          <SectionView section={section} redactions={redactions} />
        </Part>
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-1.5 font-medium text-12 text-muted">{title}</h3>
      {children}
    </section>
  );
}

function FactValue({ fact, redactions }: { fact: Fact; redactions: readonly Redaction[] }) {
  const value = <MarkedText text={fact.value} pointer={fact.pointer} redactions={redactions} />;
  if (fact.tone === "bad") return <Badge tone="bad">{value}</Badge>;
  return fact.mono ? <span className="font-mono text-12">{value}</span> : value;
}

function SectionView({ section, redactions }: { section: Section; redactions: readonly Redaction[] }) {
  switch (section.kind) {
    case "text":
      return (
        <Box>
          <LongText text={section.text} pointer={section.pointer} redactions={redactions} />
        </Box>
      );
    case "stack":
      return (
        <Box>
          <LongText text={section.text} pointer={section.pointer} redactions={redactions} mono />
        </Box>
      );
    case "value":
      return <Value value={section.value} pointer={section.pointer} redactions={redactions} />;
    case "chat":
      return <Chat messages={section.messages} redactions={redactions} />;
    case "options":
      return <Options section={section} redactions={redactions} />;
  }
}

function Box({ children }: { children: ReactNode }) {
  return <div className="min-w-0 rounded-6 border bg-canvas px-3 py-2">{children}</div>;
}

/** Any JSON: words where it is words, a tree where it is more. */
function Value({
  value,
  pointer,
  redactions,
}: {
  value: unknown;
  pointer: string;
  redactions: readonly Redaction[];
}) {
  if (typeof value === "string") return <LongText text={value} pointer={pointer} redactions={redactions} />;
  if (typeof value !== "object" || value === null) {
    return <span className="font-mono text-12">{visible(String(value))}</span>;
  }
  return <Json value={value} marks={marksWithin(redactions, pointer)} collapsedDepth={3} />;
}

type OptionsSection = Extract<Section, { kind: "options" }>;

function Options({ section, redactions }: { section: OptionsSection; redactions: readonly Redaction[] }) {
  const { options, other, confidence } = section;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {options.length === 0 && other === undefined && <p className="text-muted">{words.noOptions}</p>}
      <ul className="flex min-w-0 flex-col gap-1.5">
        {options.slice(0, ITEMS_MAX).map((option) => (
          <OptionItem
            key={option.pointer}
            label={option.isChosen ? words.chosen : undefined}
            confidence={option.isChosen ? confidence : undefined}
          >
            <Value value={option.value} pointer={option.pointer} redactions={redactions} />
          </OptionItem>
        ))}
        {other !== undefined && (
          <OptionItem label={words.chosenOther} confidence={confidence}>
            <Value value={other.value} pointer={other.pointer} redactions={redactions} />
          </OptionItem>
        )}
      </ul>
      <Left count={options.length} />
    </div>
  );
}

interface OptionItemProps {
  /** Present: this was chosen. */
  label: string | undefined;
  confidence: number | undefined;
  children: ReactNode;
}

function OptionItem({ label, confidence, children }: OptionItemProps) {
  const isChosen = label !== undefined;
  return (
    <li
      className={
        isChosen
          ? "min-w-0 rounded-6 border border-accent bg-accent-soft px-3 py-2"
          : "min-w-0 rounded-6 border px-3 py-2 text-muted"
      }
    >
      {isChosen && (
        <div className="mb-1 flex items-center gap-1.5 font-medium text-12 text-accent">
          <Check aria-hidden="true" className="size-3.5 shrink-0" />
          {label}
          {confidence !== undefined && <Confidence value={confidence} />}
        </div>
      )}
      {children}
    </li>
  );
}

function Confidence({ value }: { value: number }) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <span className="ms-auto inline-flex items-center gap-2">
      <span aria-hidden="true" className="h-1.5 w-20 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </span>
      <span title={words.confidence}>{formatPercent(value)}</span>
    </span>
  );
}

function Chat({
  messages,
  redactions,
}: {
  messages: readonly ChatMessage[];
  redactions: readonly Redaction[];
}) {
  if (messages.length === 0) return <p className="text-muted">{words.noMessages}</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <ol className="flex min-w-0 flex-col gap-2">
        {messages.slice(0, ITEMS_MAX).map((message, index) => (
          <li key={index} className="min-w-0 rounded-6 border bg-canvas px-3 py-2">
            <div className="mb-0.5 font-medium text-12 text-muted">
              <Foreign max={40}>{visible(message.role)}</Foreign>
            </div>
            {message.parts.length === 0 && <p className="text-faint">{words.empty}</p>}
            {message.parts.slice(0, ITEMS_MAX).map((part) => (
              <ChatPartView key={part.pointer} part={part} redactions={redactions} />
            ))}
          </li>
        ))}
      </ol>
      <Left count={messages.length} />
    </div>
  );
}

function ChatPartView({ part, redactions }: { part: ChatPart; redactions: readonly Redaction[] }) {
  return (
    <div className="min-w-0 not-first:mt-1">
      {part.label !== undefined && (
        <div className="text-12 text-faint">
          <Foreign max={80}>{visible(part.label)}</Foreign>
        </div>
      )}
      <Value value={part.text ?? part.value} pointer={part.pointer} redactions={redactions} />
    </div>
  );
}

function Left({ count }: { count: number }) {
  return count > ITEMS_MAX ? (
    <p className="text-12 text-muted">{words.moreItems(formatCount(count - ITEMS_MAX))}</p>
  ) : null;
}
