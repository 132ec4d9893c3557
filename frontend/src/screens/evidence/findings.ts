/** Records of findings, as the evidence holds them. */

import type { JsonObject } from "../../document/types";

export interface Recorded {
  readonly number: number;
  readonly key: string;
  readonly source: string;
  readonly seen_at: string;
  readonly domain: string;
  readonly subject: string;
  readonly person: string | null;
  readonly gone: boolean;
  readonly parts: JsonObject | null;
}

/** The newest record of each finding: the list comes with the newest first. */
export function currentOf(records: readonly Recorded[]): Recorded[] {
  const seen = new Set<string>();
  return records.filter((each) => {
    const key = `${each.source} ${each.key}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
