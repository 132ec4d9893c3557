/** Schedules as people say them, and the cron rules that mean the same. */

import type { Json } from "./types";

export const EVERY = ["weekday", "day", "week", "month", "hour", "minutes"] as const;
export type Every = (typeof EVERY)[number];

/** What a person chooses. Of `time`, an hourly schedule has only the minute. */
export interface Plain {
  readonly every: Every;
  /** "07:30". */
  readonly time: string;
  /** Days of the week, Monday is 1 and Sunday 7. */
  readonly days: readonly number[];
  /** Day of the month. */
  readonly day: number;
  /** So many minutes apart; they divide an hour. */
  readonly minutes: number;
}

export const FIRST: Plain = { every: "weekday", time: "07:00", days: [1], day: 1, minutes: 15 };
export const STEPS = [5, 10, 15, 20, 30] as const;

/** The settings of a schedule in which one kind was filled in: a cron rule takes an interval's place, and the other way. */
export function oneKind(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const { cron, every_seconds: interval, ...others } = after;
  if (cron === undefined || interval === undefined) return { ...after };
  return before["every_seconds"] === interval ? { ...others, cron } : { ...others, every_seconds: interval };
}

export function cronOf({ every, time, days, day, minutes }: Plain): string {
  const [hour, minute] = time.split(":").map(Number);
  const at = `${String(minute ?? 0)} ${String(hour ?? 0)}`;
  switch (every) {
    case "weekday":
      return `${at} * * 1-5`;
    case "day":
      return `${at} * * *`;
    case "week":
      return `${at} * * ${[...days].sort((one, other) => one - other).join(",") || "1"}`;
    case "month":
      return `${at} ${String(day)} * *`;
    case "hour":
      return `${String(minute ?? 0)} * * * *`;
    case "minutes":
      return `*/${String(minutes)} * * * *`;
  }
}

/** What a cron rule means, or null when nobody would choose it here. */
export function plainOf(cron: string): Plain | null {
  const parts = cron.trim().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", week = ""] = parts;
  if (parts.length !== 5 || month !== "*") return null;
  const isEach = hour === "*" && day === "*" && week === "*";
  const step = /^\*\/(\d+)$/.exec(minute);
  if (step) {
    const minutes = Number(step[1]);
    return isEach && (STEPS as readonly number[]).includes(minutes)
      ? { ...FIRST, every: "minutes", minutes }
      : null;
  }
  if (!isWithin(minute, 0, 59)) return null;
  if (isEach) return { ...FIRST, every: "hour", time: timeOf("0", minute) };
  if (!isWithin(hour, 0, 23)) return null;
  const time = timeOf(hour, minute);
  if (day === "*" && week === "*") return { ...FIRST, every: "day", time };
  if (day === "*" && week === "1-5") return { ...FIRST, every: "weekday", time };
  if (day === "*" && /^[1-7](,[1-7])*$/.test(week))
    return { ...FIRST, every: "week", time, days: [...new Set(week.split(",").map(Number))] };
  if (week === "*" && isWithin(day, 1, 31)) return { ...FIRST, every: "month", time, day: Number(day) };
  return null;
}

function isWithin(text: string, least: number, most: number): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function timeOf(hour: string, minute: string): string {
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}
