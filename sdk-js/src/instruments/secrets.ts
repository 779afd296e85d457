/** Takes out of what was asked what opens the servers that a model may call. */

import type { Query } from "../event/types.js";

type Fields = Readonly<Record<string, unknown>>;

const OF_TOOLS = ["authorization", "headers"];
const OF_SERVERS = ["authorization_token", "authorizationToken"];

export function withoutSecrets(query: Query): Query {
  const { parameters } = query;
  return isFields(parameters) ? { ...query, parameters: ofParameters(parameters) } : query;
}

function ofParameters(parameters: Fields): Record<string, unknown> {
  const kept: Record<string, unknown> = { ...parameters };
  if ("tools" in kept) kept["tools"] = each(kept["tools"], ofTool);
  if ("mcp_servers" in kept) kept["mcp_servers"] = each(kept["mcp_servers"], (server) => without(server, OF_SERVERS));
  if (isFields(kept["providerOptions"])) kept["providerOptions"] = ofProviders(kept["providerOptions"]);
  return kept;
}

function ofTool(tool: Fields): Fields {
  const kept = without(tool, OF_TOOLS);
  // The AI SDK's form of a provider's own tool.
  return isFields(kept["args"]) ? { ...kept, args: without(kept["args"], OF_TOOLS) } : kept;
}

/** How the AI SDK words it. */
function ofProviders(options: Fields): Fields {
  const of = (provider: unknown): unknown =>
    isFields(provider) && "mcpServers" in provider
      ? { ...provider, mcpServers: each(provider["mcpServers"], (server) => without(server, OF_SERVERS)) }
      : provider;
  return Object.fromEntries(Object.entries(options).map(([name, provider]) => [name, of(provider)]));
}

function each(list: unknown, change: (item: Fields) => Fields): unknown {
  return Array.isArray(list) ? list.map((item: unknown) => (isFields(item) ? change(item) : item)) : list;
}

function without(fields: Fields, secrets: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !secrets.includes(name)));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
