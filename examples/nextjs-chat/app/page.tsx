import { connection } from "next/server";

import { Chat } from "./chat";

/** Each visit is a chat of its own. */
export default async function Page() {
  await connection();
  return <Chat id={`chat-${crypto.randomUUID()}`} gapin={process.env["GAPIN_URL"] ?? "http://127.0.0.1:8080"} />;
}
