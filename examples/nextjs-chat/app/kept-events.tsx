"use client";

import { useEffect, useState } from "react";

import type { Kept } from "@/lib/kept";

const LOOK_EVERY_MS = 1000;

/** What GAPIN keeps of this chat, as its API tells it. */
export function KeptEvents({ chat, gapin, isWatched }: { chat: string; gapin: string; isWatched: boolean }) {
  const [kept, setKept] = useState<readonly Kept[]>([]);
  const [fault, setFault] = useState<string>();

  useEffect(() => {
    if (!isWatched) return undefined;
    const look = async () => {
      try {
        const answer = await fetch(`/api/record?chat=${encodeURIComponent(chat)}`);
        if (!answer.ok) throw new Error(await answer.text());
        setKept((await answer.json()) as Kept[]);
        setFault(undefined);
      } catch (error) {
        setFault(error instanceof Error ? error.message : String(error));
      }
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [chat, isWatched]);

  return (
    <aside aria-label="What is kept">
      <header>
        <h2>What is kept</h2>
        <a href={`${gapin}/`} target="_blank" rel="noreferrer">
          Open GAPIN
        </a>
      </header>
      {fault !== undefined && <p role="alert">{fault}</p>}
      {kept.length === 0 && fault === undefined && <p className="empty">Nothing yet. Ask something.</p>}
      <ol>
        {kept.map((event) => (
          <li key={event.id} data-testid="kept" data-type={event.type}>
            <div className="line">
              <span className={`type ${event.type.slice(3)}`}>{event.type}</span>
              <time dateTime={event.at}>{new Date(event.at).toLocaleTimeString()}</time>
            </div>
            <p>{event.text}</p>
            <div className="line marks">
              {event.isVerified && <span className="mark good">signature verified</span>}
              {event.hidden.map((kind) => (
                <span key={kind} className="mark">
                  {kind} hidden
                </span>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </aside>
  );
}
