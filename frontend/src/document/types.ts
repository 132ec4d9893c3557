/** The workflow document as docs/reference/workflow-document.md has it. Every value is immutable. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Retry {
  readonly attempts?: number;
  readonly first_seconds?: number;
  readonly factor?: number;
  readonly longest_seconds?: number;
}

export interface Step {
  readonly id: string;
  readonly kind: string;
  readonly title?: string;
  readonly note?: string;
  readonly action?: string;
  readonly connection?: string;
  readonly input?: JsonObject;
  readonly settings?: JsonObject;
  readonly retry?: Retry;
  readonly timeout_seconds?: number;
  /** The steps inside of it. Ids are taken once in the whole document. */
  readonly body?: Level;
  /** In a body: counted from the inside of its frame. */
  readonly at?: Point;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The way out of the first step; "ok" when it is not said. */
  readonly port?: string;
}

export interface Trigger {
  readonly id: string;
  readonly kind: string;
  readonly settings?: JsonObject;
}

/** Steps that stand beside each other: those of the document, or those inside of one step. */
export interface Level {
  readonly steps: readonly Step[];
  readonly edges?: readonly Edge[];
}

export interface WorkflowDocument extends Level {
  readonly format: number;
  readonly name: string;
  readonly description?: string;
  readonly triggers?: readonly Trigger[];
  /** The error workflow, and when it is started. */
  readonly on_failure?: JsonObject;
  /** What runs are about: a name and an expression each. */
  readonly keys?: JsonObject;
  readonly priority?: string;
  readonly concurrency?: JsonObject;
  readonly privacy?: readonly Json[];
}

/** What a document says as a whole, beside its steps and triggers. */
export const ABOUT = [
  "name",
  "description",
  "on_failure",
  "keys",
  "priority",
  "concurrency",
  "privacy",
] as const satisfies readonly (keyof WorkflowDocument)[];

export const OK = "ok";

export function portOf(edge: Edge): string {
  return edge.port ?? OK;
}

/** The edges of one level. */
export function edgesOf(level: Level): readonly Edge[] {
  return level.edges ?? [];
}

export function triggersOf(document: WorkflowDocument): readonly Trigger[] {
  return document.triggers ?? [];
}

/** The JSON Schema of what a person gives at the start. */
export function formOf(document: WorkflowDocument): Json | undefined {
  return triggersOf(document).find((each) => each.kind === "manual")?.settings?.["input"];
}

/** What a person calls the step. */
export function titleOf(step: Step): string {
  return step.title?.trim() ? step.title : step.id;
}

export function sameEdge(one: Edge, other: Edge): boolean {
  return one.from === other.from && one.to === other.to && portOf(one) === portOf(other);
}

/** Names an edge within its document. */
export function edgeId(edge: Edge): string {
  return `${edge.from}:${portOf(edge)}:${edge.to}`;
}
