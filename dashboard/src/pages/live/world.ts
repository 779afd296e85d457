/** The browser, as the stream and the list know it. */
import { ApiProblem, api } from "@/api";
import type { Sources } from "./live-list";
import type { Refusal, Socket, SocketListener } from "./stream";

function connect(query: Readonly<Record<string, string>>, listener: SocketListener): Socket {
  const address = new URL(`/ws/events?${new URLSearchParams(query)}`, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.onmessage = (message: MessageEvent<unknown>) => {
    if (typeof message.data === "string") listener.message(message.data);
  };
  socket.onclose = ({ code }) => listener.closed(code);
  return {
    send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
    close: () => socket.close(),
  };
}

/** The same stream as server-sent events is refused for the same reasons, and those can be read. */
async function diagnose(query: Readonly<Record<string, string>>): Promise<Refusal | undefined> {
  const trial = new AbortController();
  try {
    await api.GET("/sse/events", {
      params: { query: { ...query, batch: 1 } },
      parseAs: "stream",
      signal: trial.signal,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, code, detail, retryAfterS } = error;
    return { status, code, detail, retryAfterS };
  } finally {
    trial.abort();
  }
}

export const browser: Sources = {
  world: {
    connect,
    diagnose,
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    isOnline: () => navigator.onLine,
    whenOffline(run) {
      window.addEventListener("offline", run, { once: true });
      return () => window.removeEventListener("offline", run);
    },
    whenOnline(run) {
      window.addEventListener("online", run, { once: true });
      return () => window.removeEventListener("online", run);
    },
  },

  async readEvents(filter, page, signal) {
    const { data } = await api.GET("/aibbar/events", {
      params: { query: { ...filter, ...page } },
      parseAs: "text",
      signal,
    });
    return data as unknown as string;
  },

  async readFirstMessage(topic, since) {
    const { data } = await api.GET("/events/read", {
      params: { query: { topic, from: since, limit: 1 } },
      parseAs: "text",
    });
    return data as unknown as string;
  },
};
