import { t } from "../../text";

export function healthWords(state: string): string {
  return state === "well" ? t("Works") : state === "failing" ? t("Does not work") : t("Not tested");
}

/** What uses a connection. */
export interface User {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly slug?: string;
}

export function userInWords({ type }: User): string {
  if (type === "plan") return t("Plan");
  return type === "workflow" ? t("Workflow") : t("Scope of delegates");
}

export function pageOfUser({ type, id, slug }: User): string {
  if (type === "plan") return `/plans/${id}`;
  return type === "workflow" ? `/workflows/${slug ?? ""}` : "/delegates";
}
