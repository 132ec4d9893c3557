/** What an approver takes out of a plan before approving the rest: groups, and single changes by their number. */

import type { Change, Choice } from "./shapes";

export interface LeftOut {
  readonly groups: readonly { readonly title: string; readonly choice: Choice }[];
  readonly rows: readonly { readonly position: number; readonly title: string }[];
}

export const NOTHING: LeftOut = { groups: [], rows: [] };

export function isNothing(held: LeftOut): boolean {
  return held.groups.length === 0 && held.rows.length === 0;
}

/** As the hub takes it: every choice means some changes, and what any of them means is left out. */
export function choicesOf({ groups, rows }: LeftOut): readonly Choice[] {
  const single = rows.length > 0 ? [{ positions: rows.map((each) => each.position) }] : [];
  return [...groups.map((each) => each.choice), ...single];
}

export function withRow(held: LeftOut, { position, title }: Pick<Change, "position" | "title">): LeftOut {
  return { ...held, rows: [...held.rows, { position, title }] };
}

export function withoutRow(held: LeftOut, position: number): LeftOut {
  return { ...held, rows: held.rows.filter((each) => each.position !== position) };
}

export function withGroup(held: LeftOut, title: string, choice: Choice): LeftOut {
  return hasGroup(held, choice) ? held : { ...held, groups: [...held.groups, { title, choice }] };
}

export function withoutGroup(held: LeftOut, choice: Choice): LeftOut {
  return { ...held, groups: held.groups.filter((each) => !isSame(each.choice, choice)) };
}

export function hasGroup(held: LeftOut, choice: Choice): boolean {
  return held.groups.some((each) => isSame(each.choice, choice));
}

/** Whether a change is left out, as far as its own fields tell. Words that are searched for are the hub's to find. */
export function isLeftOut(held: LeftOut, change: Change): boolean {
  return (
    held.rows.some((each) => each.position === change.position) ||
    held.groups.some((each) => isMeant(each.choice, change))
  );
}

function isMeant(choice: Choice, change: Change): boolean {
  const said = (name: string): string => {
    const value = change.cause[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  if (choice.cause !== undefined || choice.search !== undefined || choice.positions !== undefined)
    return false;
  return (
    (choice.operation === undefined || choice.operation === change.operation) &&
    (choice.resource === undefined || choice.resource === change.resource) &&
    (choice.unit === undefined || choice.unit === said("unit")) &&
    (choice.rule === undefined || choice.rule === said("rule")) &&
    (choice.reason === undefined || choice.reason === said("reason")) &&
    (choice.without === undefined || !(choice.without in change.cause))
  );
}

function isSame(one: Choice, other: Choice): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
