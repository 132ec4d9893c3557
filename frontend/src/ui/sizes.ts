import { inNumbers } from "../text";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size for people: three digits at most. */
export function inBytes(bytes: number): string {
  let at = 0;
  let size = bytes;
  while (size >= 1000 && at < UNITS.length - 1) {
    size /= 1000;
    at += 1;
  }
  const rounded = size >= 10 || at === 0 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${inNumbers(rounded)} ${UNITS[at] ?? ""}`;
}
