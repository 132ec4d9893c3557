import type { Text } from "../../text";

/** What each role is for. */
export const ROLES: readonly (readonly [string, Text])[] = [
  ["admin", "Runs the workspace: people, connections, private hosts"],
  ["builder", "Makes workflows and connections"],
  ["operator", "Starts, watches and mends runs; applies approved plans"],
  ["approver", "Approves or refuses plans"],
  ["auditor", "Reads everything, changes nothing"],
];
