"use client";

import { useChat } from "@ai-sdk/react";
import { type FormEvent, useState } from "react";

import { KeptEvents } from "./kept-events";

export function Chat({ id, gapin }: { id: string; gapin: string }) {
  const { messages, sendMessage, status, error } = useChat({ id });
  const [text, setText] = useState("");
  const isBusy = status === "submitted" || status === "streaming";

  function send(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "" || isBusy) return;
    void sendMessage({ text });
    setText("");
  }

  return (
    <main>
      <section className="chat" aria-label="Chat">
        <header>
          <h1>Ask something</h1>
          <p>Every question and answer is recorded on the server, signed, by GAPIN.</p>
        </header>
        <ol className="messages" aria-live="polite">
          {messages.map((message) => (
            <li key={message.id} className={message.role} data-testid={message.role}>
              {message.parts.map((part, index) => part.type === "text" && <p key={`${message.id}-${index}`}>{part.text}</p>)}
            </li>
          ))}
          {status === "submitted" && <li className="assistant waiting">…</li>}
        </ol>
        {error !== undefined && <p role="alert">{error.message}</p>}
        <form onSubmit={send}>
          <input
            aria-label="Your message"
            placeholder="I am ada@example.com. What do you keep of this?"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button type="submit" disabled={isBusy || text.trim() === ""}>
            Send
          </button>
        </form>
      </section>
      <KeptEvents chat={id} gapin={gapin} isWatched={messages.length > 0} />
    </main>
  );
}
