import type { ApprovalLine } from "../../api/shapes";
import type { Json } from "../../document/types";

export interface Decision {
  readonly id: string;
  readonly stage: number;
  readonly by: string;
  readonly in_place_of: string;
  readonly approve: boolean;
  readonly comment: string;
  readonly digest: string;
  readonly signed_in: { readonly by?: string };
  readonly at: string;
}

export interface Stage {
  readonly name: string;
  readonly need: number;
  readonly asked: readonly string[];
  readonly is_open: boolean;
  readonly you_may_decide: boolean;
  readonly why_not: string | null;
  readonly decisions: readonly Decision[];
}

export interface Approval extends ApprovalLine {
  readonly shown: readonly { readonly label: string; readonly value: Json }[];
  readonly digest: string;
  readonly stages: readonly Stage[];
  readonly decisions: readonly Decision[];
  readonly plan: string | null;
  readonly mails: readonly {
    readonly id: string;
    readonly notice: string;
    readonly to: string;
    readonly number: number;
    readonly state: string;
    readonly message: string;
  }[];
}

export interface Deputy {
  readonly id: string;
  readonly person: string;
  readonly deputy: string;
  readonly first_day: string;
  readonly last_day: string;
}

/** The stages in which the person may decide now. */
export function offeredIn(approval: Approval): readonly Stage[] {
  return approval.stages.filter((each) => each.you_may_decide);
}
