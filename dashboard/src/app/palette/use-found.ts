/** Keys, topics and AI systems by their names: asked for once something is typed, one bounded page of each. */
import { Cpu, KeyRound, Layers, Signature } from "lucide-react";
import { $api, useSession } from "@/api";
import { useDebounced } from "@/lib/debounced";
import type { Entry } from "./entry";

const PAUSE_MS = 150;
/** The most that one page of a list holds. */
export const SEARCHED_MAX = 500;
const init = { params: { query: { limit: SEARCHED_MAX } } };

export interface Found {
  entries: Entry[];
  isAsking: boolean;
  /** Some list goes on behind what was searched. */
  isBounded: boolean;
  hasFailed: boolean;
}

export function useFound(query: string): Found {
  const { can } = useSession();
  const isTyped = useDebounced(query.trim(), PAUSE_MS) !== "";
  const ask = (enabled: boolean) => ({ enabled: isTyped && enabled, staleTime: 60_000, retry: false });
  const mayKeys = can("keys:manage");
  const mayRead = can("events:read");
  const keys = $api.useQuery("get", "/api/v1/keys", init, ask(mayKeys));
  const signingKeys = $api.useQuery("get", "/api/v1/signing-keys", init, ask(mayKeys));
  const topics = $api.useQuery("get", "/api/v1/topics", init, ask(mayRead));
  const systems = $api.useQuery("get", "/api/v1/ai-systems", init, ask(mayRead));
  const all = [keys, signingKeys, topics, systems];

  return {
    entries: [
      ...(keys.data?.items ?? []).map(
        ({ id, name, prefix }): Entry => ({
          id: `key ${id}`,
          group: "keys",
          label: name,
          hint: prefix,
          icon: KeyRound,
          run: { to: "/keys", search: { key: id } },
        }),
      ),
      ...(signingKeys.data?.items ?? []).map(
        ({ key_id }): Entry => ({
          id: `signing key ${key_id}`,
          group: "signingKeys",
          label: key_id,
          icon: Signature,
          run: { to: "/signing-keys", search: { key: key_id } },
        }),
      ),
      ...(topics.data?.items ?? []).map(
        ({ name }): Entry => ({
          id: `topic ${name}`,
          group: "topics",
          label: name,
          icon: Layers,
          run: { to: "/topics/$name", params: { name } },
        }),
      ),
      ...(systems.data?.items ?? []).map(
        ({ ai_id, name, description }): Entry => ({
          id: `ai-system ${ai_id}`,
          group: "aiSystems",
          label: name,
          hint: ai_id,
          alsoCalled: description ?? "",
          icon: Cpu,
          run: { to: "/ai-systems/$id", params: { id: ai_id } },
        }),
      ),
    ],
    isAsking: all.some(({ isFetching }) => isFetching),
    isBounded: all.some(({ data }) => data?.next_cursor != null),
    hasFailed: all.some(({ isError }) => isError),
  };
}
