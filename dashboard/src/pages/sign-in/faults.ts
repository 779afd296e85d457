import { ApiProblem } from "@/api";

/** What is wrong at one of these places of what was sent. */
export function faultAt(error: unknown, ...pointers: string[]): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.faults.find((fault) => pointers.includes(fault.pointer))?.detail;
}
