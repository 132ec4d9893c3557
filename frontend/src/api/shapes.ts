/** What the hub answers, as docs/reference/api/openapi.json says it. Only what the designer reads. */

import type { Json, JsonObject, WorkflowDocument } from "../document/types";
import type { Parts } from "../text";

export type Schema = Readonly<Record<string, unknown>>;

export interface StepKind {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly ports: readonly string[];
  readonly ports_from: string;
  /** It holds steps of its own. */
  readonly has_body: boolean;
  /** It may stand inside of a step that holds others. */
  readonly fits_inside: boolean;
  readonly settings_schema: Schema;
}

export interface TriggerKind {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly settings_schema: Schema;
}

/** A named way from parameters to a plan. */
export interface Reconcile {
  readonly name: string;
  readonly title: string;
  readonly parameters: Schema;
}

export interface Entry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input_schema: Schema;
  readonly output_schema: Schema;
}

export interface Action extends Entry {
  readonly effect: string;
}

export interface Connector {
  readonly name: string;
  readonly manifest: {
    readonly name: string;
    readonly category: string;
    readonly description: string;
    readonly talks_to: readonly string[];
    readonly version: string;
    readonly owner: string;
  };
  readonly settings_schema: Schema;
  readonly secret_fields: readonly string[];
  readonly streams: readonly Entry[];
  readonly resources: readonly Entry[];
  readonly actions: readonly Action[];
  readonly event_sources: readonly Entry[];
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly connector: string;
  readonly settings: JsonObject;
  readonly secrets_set: readonly string[];
  readonly hosts: readonly string[];
  readonly revision: number;
  readonly health: {
    readonly state: string;
    readonly message: string;
    readonly field: string;
    readonly tested_at: string | null;
  };
  readonly identity: {
    readonly name: string;
    readonly tenant: string;
    readonly rights: readonly string[];
    readonly notes: readonly string[];
  } | null;
  readonly updated_at: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly help: string;
}

export interface Version {
  readonly id: string;
  readonly number: number;
  readonly message: string;
  readonly created_at: string;
  readonly created_by?: string | null;
  readonly document?: WorkflowDocument;
}

export interface WorkflowName {
  readonly slug: string;
  readonly name: string;
}

export interface Schedule {
  readonly words: string;
  readonly fires: readonly string[];
}

/** A trigger of the published version, as the hub runs it. */
export interface LiveTrigger {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly settings: JsonObject;
  readonly is_active: boolean;
  readonly address: string;
  readonly has_secret: boolean;
  readonly schedule: Schedule | null;
  /** Up to where an event source has been read. */
  readonly cursor: JsonObject | null;
  /** Of how many objects it remembers how they were. */
  readonly remembered: number;
  readonly asked_at: string | null;
  readonly fired_at: string | null;
  readonly passed_over: number;
  readonly error: Trouble | null;
  readonly warnings: readonly string[];
}

export interface Workflow extends WorkflowName {
  readonly folder: string;
  readonly tags: readonly string[];
  readonly trashed_at: string | null;
  readonly is_active: boolean;
  readonly revision: number;
  readonly draft: WorkflowDocument;
  readonly published: Version | null;
}

export interface DraftProblem {
  readonly code: string;
  readonly message: string;
  readonly message_parts?: Parts | null;
  readonly step: string;
  readonly field: string;
  readonly hint: string;
  readonly hint_parts?: Parts | null;
}

export interface Trouble {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly evidence?: Json;
  /** The setting at fault, when one is. */
  readonly field?: string;
}

export interface Attempt {
  readonly number: number;
  readonly state: string;
  readonly error: Trouble | null;
  readonly started_at: string;
  readonly ended_at: string | null;
}

export interface RunStep {
  /** In a for-each: the item. Empty for a step that is in none. */
  readonly item: string;
  readonly step: string;
  readonly state: string;
  readonly explanation: string;
  readonly port: string;
  readonly input: Json;
  readonly output: Json;
  readonly error: Trouble | null;
  readonly due_at: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
  /** Of a for-each: how many items are in which state. */
  readonly counts: Readonly<Record<string, number>>;
  /** The earlier run that did it, when this one is a replay. */
  readonly taken_from: string | null;
  /** The run that it started. */
  readonly child: string | null;
  /** The plan that it made or works on; empty for none. */
  readonly plan: string;
  /** What of its input and output is kept apart; the beginning stands in its place. */
  readonly large: readonly LargePart[];
  /** Whether masks stand for something personal or secret. */
  readonly is_masked: boolean;
  readonly attempts: readonly Attempt[];
}

export interface LargePart {
  readonly field: "input" | "output";
  readonly at: readonly string[];
  readonly kind: string;
  readonly bytes: number;
  readonly count: number;
}

/** What a run did for one item of a for-each, or in one round of a loop. */
export interface RunItem {
  readonly index: number;
  readonly total: number;
  readonly path: string;
  readonly item: Json;
  /** Empty when it has not begun. */
  readonly state: string;
  readonly output: Json;
  readonly error: Trouble | null;
  readonly steps: readonly RunStep[];
}

export interface RunSummary {
  readonly id: string;
  readonly workflow: string;
  readonly workflow_name: string;
  readonly version: number;
  readonly state: string;
  readonly explanation: string;
  readonly cause: {
    readonly kind?: string;
    readonly by?: string;
    readonly trigger?: string;
    readonly run?: string;
  };
  readonly error: Trouble | null;
  /** What it is about: its business keys, each with its first values. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly due_at: string | null;
}

export interface Run extends RunSummary {
  readonly payload: JsonObject;
  readonly is_masked: boolean;
  /** What retention has removed of it, by class of data. */
  readonly removed: Readonly<Record<string, { readonly at: string; readonly days: number }>> | null;
  readonly steps: readonly RunStep[];
}

export interface Preview {
  readonly value: Json;
  readonly error: string;
  readonly place: string;
  readonly position: number | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

export const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);

export interface ApprovalLine {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly state: string;
  readonly why: string;
  readonly requester_name: string;
  readonly run: string | null;
  readonly asked_at: string;
  readonly deadline_at: string | null;
  readonly ended_at: string | null;
}

export interface PlanLine {
  readonly id: string;
  readonly title: string;
  readonly run: string | null;
  readonly step: string | null;
  readonly state: string;
  readonly explanation: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly created_at: string;
  readonly decided_at: string | null;
  readonly applied_at: string | null;
}
