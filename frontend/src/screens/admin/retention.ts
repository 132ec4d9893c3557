/** What the API says about retention. */

import { t, type Text } from "../../text";

export interface Kept {
  readonly what: string;
  readonly days: number | null;
  /** workflow, workspace, or empty: there is no rule. */
  readonly said_by: string;
}

export interface Line {
  readonly workflow: string;
  readonly workflow_name: string;
  readonly kept: readonly Kept[];
  readonly runs: number | null;
  readonly bytes: number | null;
  readonly a_month: number | null;
  readonly levels_off_at: number | null;
  readonly oldest_at: string | null;
}

export interface Overview {
  readonly kept: readonly Kept[];
  readonly workflows: readonly Line[];
  readonly bytes: number;
  readonly a_month: number;
  readonly levels_off_at: number | null;
  readonly database_bytes: number;
  readonly measured_at: string | null;
}

export interface Hold {
  readonly id: string;
  readonly workflow: string | null;
  readonly key: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly reason: string;
  readonly placed_at: string;
  readonly placed_by_name: string;
  readonly lifted_at: string | null;
  readonly lifted_by_name: string;
  readonly lifted_because: string;
}

const TITLES: Readonly<Record<string, Text>> = {
  runs: "Runs with the states of their steps",
  data: "Inputs and outputs of steps, and what runs were started with",
  bodies: "Bodies of webhook calls",
  logs: "Attempts, errors, and what people did",
  messages: "Messages that runs wait for",
  notices: "Notices and their deliveries",
};

export function titleOfClass(what: string): string {
  const title = TITLES[what];
  return title ? t(title) : what;
}
