import { createContext, useContext } from "react";

import type { Choice, Preview, Schema } from "../api/shapes";
import type { Json } from "../document/types";

/** What puts a path into the field that was focused last. */
export type Insert = (path: string) => void;

/** A connector by name, or what one has to offer. */
export type Offering =
  string | { readonly streams?: readonly string[]; readonly resources?: readonly string[] };

export interface FormSurroundings {
  readonly isReadOnly: boolean;
  /** Outside of a workflow there are only plain values: nothing is computed. */
  readonly isPlain?: boolean;
  /** Whether a value may be an expression although its schema does not say so, as those of a step may. */
  readonly mayCompute?: boolean;
  /** The places of secrets that have a value already. */
  readonly secretsSet?: ReadonlySet<string>;
  /** What is wrong at a place such as "input/to". */
  readonly problemsAt: (place: string) => readonly string[];
  /** A live choice list of the step's connection, given the values of the fields beside; null when there is none. */
  readonly choices:
    ((list: string, values: Readonly<Record<string, Json>>) => Promise<readonly Choice[]>) | null;
  /** A list of the hub's own, given the values of the fields beside. `of` says whose connections are meant: those of a
   * connector, or of any that offers what is named. */
  readonly offers: (list: string, values: Readonly<Record<string, Json>>, of: Offering) => readonly Choice[];
  /** The schema of the input of what a field names, such as an event source. */
  readonly schemaOf: (name: string) => Schema | null;
  readonly preview: (value: Json, place: string) => Promise<Preview>;
  /** Said by a field when it is focused, so that mapping knows where a path goes. */
  readonly onFocus: (insert: Insert) => void;
  readonly soughtField: string;
}

export const FormContext = createContext<FormSurroundings | null>(null);

export function useForm(): FormSurroundings {
  const surroundings = useContext(FormContext);
  if (!surroundings) throw new Error("There is no form around this field.");
  return surroundings;
}
