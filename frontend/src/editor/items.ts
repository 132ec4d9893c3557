/** Looking at one item of a for-each, or one round of a loop, of the run that is laid over the workflow. */

import type { StoreApi } from "zustand";

import type { RunItem, RunStep } from "../api/shapes";
import { allSteps, holderOf } from "../document/levels";
import type { WorkflowDocument } from "../document/types";
import { isFrame } from "./catalog";
import type { Editor } from "./store";

/** What a step did in the run that is shown: inside of a for-each for the item that is looked at. */
export function doneIn({ run, seen, history }: Editor, step: string): RunStep | null {
  const holder = holderOf(history.present, step);
  const steps = holder === "" ? run?.steps : seen[holder]?.steps;
  const isHere = (each: RunStep): boolean => each.step === step && (holder !== "" || each.item === "");
  return steps?.find(isHere) ?? null;
}

/** What expressions inside of a step can read besides: the item that is looked at, and what the steps inside gave. */
export function scopeIn({ seen, history }: Editor, holder: string): Record<string, unknown> {
  if (holder === "") return {};
  const around = scopeIn({ seen, history } as Editor, holderOf(history.present, holder));
  const held = seen[holder];
  if (!held || held.total === 0) return around;
  const outputs = held.steps.filter((each) => each.output !== null).map((each) => [each.step, each.output]);
  return {
    ...around,
    item: held.item,
    index: held.index,
    steps: { ...(around["steps"] as object | undefined), ...Object.fromEntries(outputs) },
  };
}

/** Look at an item of the step; what is inside of that item is then looked at too. */
export async function lookAt(store: StoreApi<Editor>, holder: string, index: number): Promise<void> {
  const { run, hub, history, seen } = store.getState();
  if (!run) return;
  const around = holderOf(history.present, holder);
  const within = around === "" ? "" : (seen[around]?.path ?? "");
  const query = within === "" ? "" : `?within=${within}`;
  let found: RunItem;
  try {
    found = await hub.get<RunItem>(`runs/${run.id}/steps/${holder}/items/${String(index)}${query}`);
  } catch {
    return; // The run has not got there.
  }
  const now = store.getState();
  if (now.run?.id !== run.id) return;
  store.setState({ seen: { ...now.seen, [holder]: found } });
  for (const inner of framesIn(now, holder)) await lookAt(store, inner, 0);
}

function framesIn({ history, catalog }: Editor, holder: string): string[] {
  return allSteps(history.present)
    .filter((step) => isFrame(catalog, step) && holderOf(history.present, step.id) === holder)
    .map((step) => step.id);
}

/** Whenever the run that is shown moves, so do the items that are looked at. The returned function stops. */
export function followItems(store: StoreApi<Editor>): () => void {
  return store.subscribe((now, before) => {
    if (now.run === before.run) return;
    const isOther = now.run?.id !== before.run?.id;
    if (isOther) store.setState({ seen: {} });
    if (!now.run || !hasFrames(now.history.present)) return;
    for (const holder of framesIn(now, ""))
      if (now.run.steps.some((each) => each.step === holder)) {
        void lookAt(store, holder, isOther ? 0 : (now.seen[holder]?.index ?? 0));
      }
  });
}

function hasFrames(document: WorkflowDocument): boolean {
  return document.steps.some((step) => step.body !== undefined);
}
