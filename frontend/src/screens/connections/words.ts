import { t } from "../../text";

export function healthWords(state: string): string {
  return state === "well" ? t("Works") : state === "failing" ? t("Does not work") : t("Not tested");
}
