import { useEffect, useState } from "react";

import { useSession } from "../../api/session";
import type { Parts } from "../../text";
import type { RuleTable } from "./table";

const PAUSE_MS = 400;

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly message_parts: Parts | null;
  /** Counted from 1. */
  readonly rows: readonly number[];
}

export interface Checked {
  readonly problems: readonly {
    readonly place: string;
    readonly message: string;
    readonly message_parts: Parts | null;
  }[];
  readonly findings: readonly Finding[];
}

/** What the hub says of the table, while it is written. Null until it has been looked at. */
export function useChecked(table: RuleTable): Checked | null {
  const { hub } = useSession();
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(() => {
      hub.post<Checked>("rule-tables/check", { table }).then(
        (found) => {
          if (isCurrent) setChecked(found);
        },
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [hub, table]);
  return checked;
}
