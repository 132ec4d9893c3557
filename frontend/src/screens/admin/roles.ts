import { t } from "../../text";
import type { Text } from "../../text";

/** Each role with its name, and what it is for. */
export const ROLES: readonly (readonly [string, Text, Text])[] = [
  ["admin", "Administrator", "Runs the workspace: people, connections, private hosts"],
  ["builder", "Builder", "Makes workflows and connections"],
  ["operator", "Operator", "Starts, watches and mends runs; applies approved plans"],
  ["approver", "Approver", "Approves or refuses plans"],
  ["auditor", "Auditor", "Reads everything, changes nothing"],
  ["delegate", "Delegate", "Acts in the domains within their reach, and sees nothing else; stands alone"],
];

/** Several roles by their names. */
export function rolesInWords(roles: readonly string[]): string {
  const names = new Map(ROLES.map(([role, name]) => [role, t(name)]));
  return roles.map((each) => names.get(each) ?? each).join(", ");
}
