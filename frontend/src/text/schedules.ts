/** Schedules in words. */

import { plainOf } from "../document/schedule";
import type { JsonObject } from "../document/types";
import { currentLanguage, said, t } from "./index";

const MONDAY = Date.UTC(2024, 0, 1);

/** When a schedule starts something: in the page's own words where somebody could have chosen it, else as the hub says. */
export function scheduleInWords(settings: JsonObject, words: string): string {
  const { cron, zone } = settings;
  const rule = typeof cron === "string" ? ruleInWords(cron) : null;
  return rule ? `${rule} (${typeof zone === "string" ? zone : "UTC"})` : said(words);
}

/** The rule in a sentence; null when nobody would choose it. */
function ruleInWords(cron: string): string | null {
  const plain = plainOf(cron);
  if (!plain) return null;
  const { every, time, days, day, minutes } = plain;
  switch (every) {
    case "weekday":
      return t("Monday to Friday at {time}", { time });
    case "day":
      return t("Every day at {time}", { time });
    case "week":
      return t("{days} at {time}", { days: days.map((each) => nameOfDay(each, "long")).join(", "), time });
    case "month":
      return t("On day {day} of each month at {time}", { day, time });
    case "hour":
      return t("Every hour, {n} minutes past", { n: Number(time.slice(3)) });
    case "minutes":
      return t("Every {n} minutes", { n: minutes });
  }
}

/** A day of the week; Monday is 1. */
export function nameOfDay(day: number, weekday: "long" | "short"): string {
  const at = new Date(MONDAY + (day - 1) * 86_400_000);
  const locale = currentLanguage() === "en" ? "en-GB" : currentLanguage();
  return new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(at);
}
