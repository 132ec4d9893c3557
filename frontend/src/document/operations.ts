/** Every edit of a workflow is one of these operations. They are plain data. */

import type { Edge, JsonObject, Point, Retry, Step, Trigger, WorkflowDocument } from "./types";

/** What changes of a step: a value is set, undefined takes the field away. Its id changes by `renameStep`. */
export interface StepChange {
  readonly title?: string | undefined;
  readonly note?: string | undefined;
  readonly action?: string | undefined;
  readonly connection?: string | undefined;
  readonly input?: JsonObject | undefined;
  readonly settings?: JsonObject | undefined;
  readonly retry?: Retry | undefined;
  readonly timeout_seconds?: number | undefined;
}

/** What changes of the workflow as a whole: a value is set, undefined takes it away. */
export interface AboutChange {
  readonly name?: string;
  readonly description?: string | undefined;
  readonly on_failure?: JsonObject | undefined;
  readonly keys?: JsonObject | undefined;
  readonly priority?: string | undefined;
}

export type Operation =
  /** Put a step in. With `after` an edge leads to it; with `on` it stands in the middle of that edge, which it leaves
   * by `port`. It stands beside those; without them inside of the step `into`, or at the top. */
  | {
      readonly type: "addStep";
      readonly step: Step;
      readonly after?: { readonly from: string; readonly port: string };
      readonly on?: Edge;
      readonly port?: string;
      readonly into?: string;
    }
  /** Steps and edges as they were copied; ids that are taken are made anew. */
  | {
      readonly type: "paste";
      readonly steps: readonly Step[];
      readonly edges: readonly Edge[];
      readonly by: Point;
      /** The step inside of which they go; at the top without it. */
      readonly into?: string;
    }
  /** What stood between one step and one other is joined again. */
  /** What is inside of a step goes with it. */
  | { readonly type: "removeSteps"; readonly ids: readonly string[] }
  | { readonly type: "moveSteps"; readonly to: Readonly<Record<string, Point>> }
  /** Steps of one level go inside of the step `into`, or to the top when it is "". The ways among them stay; what stood
   * before and after one of them is joined as when it is removed. */
  | {
      readonly type: "bringInto";
      readonly ids: readonly string[];
      readonly into: string;
      readonly to: Readonly<Record<string, Point>>;
    }
  | { readonly type: "changeStep"; readonly id: string; readonly change: StepChange }
  /** Edges and expressions follow. */
  | { readonly type: "renameStep"; readonly id: string; readonly to: string }
  /** Another place among its equals: of steps that may start, the first one is done first. */
  | { readonly type: "reorderStep"; readonly id: string; readonly before: string | null }
  | { readonly type: "connect"; readonly edge: Edge }
  | { readonly type: "disconnect"; readonly edges: readonly Edge[] }
  | { readonly type: "addTrigger"; readonly trigger: Trigger }
  | { readonly type: "changeTrigger"; readonly id: string; readonly settings: JsonObject }
  | { readonly type: "removeTrigger"; readonly id: string }
  | { readonly type: "describe"; readonly change: AboutChange }
  /** Another document in its place: a version restored, a draft merged. */
  | { readonly type: "replace"; readonly document: WorkflowDocument };
