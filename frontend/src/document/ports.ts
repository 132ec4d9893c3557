/** The ways out of a step, read from the kinds that the hub describes. */

import type { Step } from "./types";

export interface KindPorts {
  readonly ports: readonly string[];
  /** A setting whose entries name further ways out, put before the others. Empty when there is none. */
  readonly ports_from: string;
}

const OTHERWISE: readonly string[] = ["ok", "error"];

export function portsOf(step: Step, kind: KindPorts | undefined): readonly string[] {
  if (kind === undefined) return OTHERWISE;
  if (kind.ports_from === "") return kind.ports;
  const entries = step.settings?.[kind.ports_from];
  const named = Array.isArray(entries)
    ? entries.flatMap((entry) => {
        const name: unknown =
          entry !== null && typeof entry === "object" && !Array.isArray(entry)
            ? (entry as Record<string, unknown>)["name"]
            : undefined;
        return typeof name === "string" && name !== "" ? [name] : [];
      })
    : [];
  return [...new Set([...named, ...kind.ports])];
}
