import { useMemo } from "react";

import type { Choice, Connection, Connector, Page, Schema } from "../api/shapes";
import { useAnswer } from "../api/asking";
import { useSession } from "../api/session";
import type { Json, JsonObject } from "../document/types";
import { Fields } from "./Fields";
import { FormContext } from "./FormContext";
import type { FormSurroundings, Offering } from "./FormContext";

export interface Wrong {
  readonly pointer: string;
  readonly detail: string;
}

const NOWHERE: readonly Wrong[] = [];

/** A form drawn from a schema, outside of a workflow: plain values, secrets, connections as choices. */
export function PlainForm({
  schema,
  value,
  onChange,
  place,
  wrong = NOWHERE,
  secretsSet = [],
  isReadOnly = false,
  choices = null,
}: {
  schema: Schema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What errors about the fields begin with, such as "/settings". */
  place: string;
  wrong?: readonly Wrong[];
  secretsSet?: readonly string[];
  isReadOnly?: boolean;
  choices?: ((list: string, values: Readonly<Record<string, Json>>) => Promise<readonly Choice[]>) | null;
}): React.JSX.Element {
  const { hub } = useSession();
  const connections = useAnswer<Page<Connection>>("connections?limit=200").data;
  const connectors = useAnswer<{ items: Connector[] }>("connectors").data;
  const surroundings = useMemo(
    (): FormSurroundings => ({
      isReadOnly,
      isPlain: true,
      secretsSet: new Set(secretsSet.map((each) => `${place}/${each}`)),
      problemsAt: (at) => problemsOf(wrong, at),
      choices,
      offers: (list, _, of) =>
        list === "connections" ? offered(connections?.items ?? [], connectors?.items ?? [], of) : [],
      schemaOf: () => null,
      preview: (given) => hub.post("expressions/evaluate", { value: given }),
      onFocus: () => undefined,
      soughtField: "",
    }),
    [isReadOnly, secretsSet, place, wrong, choices, connections, connectors, hub],
  );
  return (
    <FormContext.Provider value={surroundings}>
      <Fields schema={schema} root={schema} value={value} place={place} onChange={onChange} />
    </FormContext.Provider>
  );
}

/** What is wrong at a place; what is wrong deeper inside says where. */
function problemsOf(wrong: readonly Wrong[], at: string): string[] {
  return wrong.filter((each) => each.pointer === at).map((each) => each.detail);
}

/** The connections that can be meant. */
export function offered(
  connections: readonly Connection[],
  connectors: readonly Connector[],
  of: Offering,
): Choice[] {
  const fits = ({ name, streams, resources }: Connector): boolean => {
    if (typeof of === "string") return of === "" || of === name;
    const has = (
      held: readonly { name: string }[] | undefined,
      wanted: readonly string[] | undefined,
    ): boolean => (wanted ?? []).every((each) => held?.some((one) => one.name === `${name}.${each}`));
    return has(streams, of.streams) && has(resources, of.resources);
  };
  const fitting = new Set(connectors.filter(fits).map((each) => each.name));
  return connections
    .filter((each) => fitting.has(each.connector))
    .map(({ slug, name, health }) => ({ value: slug, label: name, help: health.message }));
}
