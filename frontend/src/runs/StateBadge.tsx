import { said } from "../text";

const TONES: Readonly<Record<string, string>> = {
  succeeded: "good",
  failed: "bad",
  running: "busy",
  waiting: "warn",
  in_doubt: "warn",
};

/** A state as a word; the colour only repeats it. */
export function StateBadge({ state }: { state: string }): React.JSX.Element {
  return <span className={`badge ${TONES[state] ?? ""}`}>{said(state.replace("_", " "))}</span>;
}
