/** Whether a draft has the shape of a workflow document at all: a program may have saved anything. */

import type { WorkflowDocument } from "./types";

export function canBeDrawn(draft: unknown): draft is WorkflowDocument {
  if (!isObject(draft) || typeof draft["name"] !== "string") return false;
  const { triggers = [] } = draft;
  return (
    isLevel(draft) &&
    areAll(triggers, (each) => has(each, "id", "kind") && isAbsentOrObject(each["settings"]))
  );
}

function isLevel({ steps, edges = [] }: Held): boolean {
  return (
    areAll(steps, isStep) &&
    areAll(edges, (each) => has(each, "from", "to") && isAbsentOr(each["port"], "string"))
  );
}

function isStep(step: Held): boolean {
  const { at, body } = step;
  return (
    has(step, "id", "kind") &&
    ["title", "note", "action", "connection"].every((name) => isAbsentOr(step[name], "string")) &&
    ["input", "settings", "retry"].every((name) => isAbsentOrObject(step[name])) &&
    (body === undefined || (isObject(body) && isLevel(body))) &&
    (at === undefined || (isObject(at) && Number.isFinite(at["x"]) && Number.isFinite(at["y"])))
  );
}

type Held = Record<string, unknown>;

function isObject(value: unknown): value is Held {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areAll(list: unknown, is: (each: Held) => boolean): boolean {
  return Array.isArray(list) && list.every((each) => isObject(each) && is(each));
}

function has(value: Held, ...names: string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}

function isAbsentOr(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}

function isAbsentOrObject(value: unknown): boolean {
  return value === undefined || isObject(value);
}
