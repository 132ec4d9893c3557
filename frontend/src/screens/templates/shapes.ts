import type { Schema } from "../../api/shapes";
import type { JsonObject, WorkflowDocument } from "../../document/types";

export interface TemplateLine {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly summary: string;
  readonly sketch: Sketch;
}

/** The steps of a flow, and which follows which. */
export interface Sketch {
  readonly steps: readonly { readonly id: string; readonly kind: string; readonly title: string }[];
  readonly ways: readonly (readonly [string, string])[];
}

export interface Template extends TemplateLine {
  readonly description: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly limits: readonly string[];
  readonly parameters: Schema;
  /** Whether it makes a plan that can be looked at before anything is written. */
  readonly can_be_simulated: boolean;
  /** What a workflow of it looks like. */
  readonly picture: WorkflowDocument;
}

export interface Installation {
  readonly id: string;
  readonly slug: string;
  readonly template: string;
  readonly version: number;
  readonly parameters: JsonObject;
  readonly workflow: string;
  readonly is_active: boolean;
  readonly updated_at: string;
}
