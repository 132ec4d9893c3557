/** Moments and lengths of time in words. */

import { currentLanguage } from "./index";

const locale = (): string => (currentLanguage() === "en" ? "en-GB" : currentLanguage());

export function moment(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

export function exactly(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "long" }).format(new Date(at));
}

/** A moment as the clocks of a zone show it; as it is written when there is no such zone. */
export function fullyIn(at: string, zone: string): string {
  try {
    const options = { dateStyle: "full", timeStyle: "short", timeZone: zone } as const;
    return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
  } catch {
    return at;
  }
}

export function day(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(at));
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "5 minutes ago", "in 2 hours"; the date when it is more than a week away. */
export function fromNow(at: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return moment(at);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** How long something took, or has taken so far. */
export function lasted(from: string, to: string | null, now: number = Date.now()): string {
  const ms = Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from));
  if (ms < 1000) return `${String(Math.round(ms))} ms`;
  if (ms < 60_000) return `${oneDigit(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${String(minutes)} min ${String(Math.floor((ms % 60_000) / 1000))} s`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

function oneDigit(value: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale(), digits).format(Math.min(value, 59.9));
}

const SPANS: readonly (readonly [string, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A length of time in words: "2 days", "90 minutes". */
export function span(seconds: number): string {
  const [unit, size] = SPANS.find(([, each]) => seconds >= each && seconds % each === 0) ?? ["second", 1];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}
