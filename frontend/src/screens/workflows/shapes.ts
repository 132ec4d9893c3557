import type { Version } from "../../api/shapes";

export interface WorkflowLine {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly is_active: boolean;
  readonly published: Version | null;
  readonly updated_at: string;
  readonly connectors: readonly string[];
  readonly starts: readonly string[];
  readonly next_at: string | null;
  readonly last_run: { readonly id: string; readonly state: string; readonly created_at: string } | null;
}
