/** Documents from pictures, for tests: `a -> b -> c` and `a -yes-> b`, one chain an argument. */

import type { Edge, WorkflowDocument } from "./types";

export function drawn(...chains: readonly string[]): WorkflowDocument {
  const ids = new Set<string>();
  const edges: Edge[] = [];
  for (const chain of chains) {
    const parts = chain.trim().split(/\s*-(?:([a-z_]+)-)?>\s*/);
    const [first = ""] = parts;
    ids.add(first);
    for (let at = 0; at + 2 < parts.length; at += 2) {
      const [from = "", port, to = ""] = parts.slice(at, at + 3);
      ids.add(to);
      edges.push({ from, to, ...(port === undefined ? {} : { port }) });
    }
  }
  return { format: 1, name: "Drawn", steps: [...ids].map((id) => ({ id, kind: "transform" })), edges };
}
