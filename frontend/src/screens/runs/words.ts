/** What is said about runs. */

import type { RunSummary } from "../../api/shapes";
import { said, t } from "../../text";

export function startedBy({ cause }: RunSummary): string {
  switch (cause.kind) {
    case "manual":
      return cause.by ?? t("by hand");
    case "schedule":
    case "webhook":
    case "event":
      return cause.trigger ? `${t(cause.kind)}: ${cause.trigger}` : t(cause.kind);
    case "workflow":
      return t("another workflow");
    case "replay":
      return cause.by ? t("replay by {name}", { name: cause.by }) : t("replay");
    default:
      return cause.kind ?? "–";
  }
}

/** A kind of trigger. */
export function kindInWords(kind: string): string {
  return kind === "manual" ? t("by hand") : said(kind);
}

/** What to do about an error of a step, by its class. */
export function adviceOn(code: string | undefined): string {
  switch (code) {
    case "misconfigured":
      return t("Mend the step's settings in the designer, publish, then try the failed steps again.");
    case "sign-in-refused":
      return t("The sign-in was refused. Mend the connection and test it, then try the failed steps again.");
    case "rejected":
      return t("The service said no. What it says tells what to change in the data or in the step.");
    case "try-later":
      return t("The service was busy or not reachable. Try the failed steps again later.");
    case "unexpected-reply":
      return t("The service answered in a way that is not known here. Tell whoever runs Lockgate.");
    default:
      return t("Look at the input of the step, mend what is wrong, then try the failed steps again.");
  }
}
