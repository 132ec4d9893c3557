import { useMemo, useState } from "react";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Page, Schema } from "../../api/shapes";
import type { JsonObject } from "../../document/types";
import { PlainForm } from "../../forms/PlainForm";
import { said, t } from "../../text";
import { Input } from "../../ui/Input";
import { errorsOf, Notice, State, Trouble } from "../../ui/parts";
import type { Installation, Template } from "./shapes";

const HEALTH: Readonly<Record<string, string>> = {
  well: "Works",
  failing: "Does not work",
  untested: "Not tested",
};

/** The form that installs a template, or changes what is installed of it. */
export function Setup({
  template,
  of,
  onDone,
}: {
  template: Template;
  of?: Installation;
  onDone: () => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const [slug, setSlug] = useState(of?.slug ?? "");
  const [value, setValue] = useState<JsonObject>(of?.parameters ?? {});
  const install = useDoing(async () => {
    const made = await hub.post<Installation>(`templates/${template.name}/install`, {
      slug,
      parameters: value,
    });
    onDone();
    return made;
  }, ["installations", "workflows"]);
  const errors = useMemo(() => errorsOf(install.error), [install.error]);
  const deep = useMemo(() => deepened(errors), [errors]);
  return (
    <section className="card" aria-label={of ? t("Configure {name}", { name: of.slug }) : t("Install")}>
      <h2>{of ? t("Configure {name}", { name: of.slug }) : t("Install")}</h2>
      <form
        className="form wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          install.mutate(undefined);
        }}
      >
        <Input
          title={t("Short name")}
          value={slug}
          onChange={setSlug}
          isRequired
          help={t("Of the workflow that is made. That of an installation changes it.")}
          wrong={errors.filter((each) => each.pointer === "/slug").map((each) => each.detail)}
        />
        <PlainForm
          schema={template.parameters}
          value={value}
          onChange={setValue}
          place="/parameters"
          wrong={deep}
        />
        <Chosen value={value} schema={template.parameters} />
        <Trouble of={install.error} />
        {install.isSuccess ? (
          <Notice tone="good">
            {template.can_be_simulated
              ? t("It is installed. Simulate it to see what it would change.")
              : t("It is installed.")}
          </Notice>
        ) : null}
        <div className="row">
          <button className="primary" disabled={install.isPending}>
            {of ? t("Save and publish") : t("Install")}
          </button>
          {of ? (
            <button type="button" onClick={onDone}>
              {t("Leave it as it is")}
            </button>
          ) : null}
        </div>
      </form>
    </section>
  );
}

/** The connections that are chosen, with a test at hand. */
function Chosen({ value, schema }: { value: JsonObject; schema: Schema }): React.JSX.Element | null {
  const { hub, may } = useSession();
  const { data } = useAnswer<Page<Connection>>("connections?limit=200");
  const test = useDoing((id: string) => hub.post(`connections/${id}/test`, {}), ["connections"]);
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const slugs = new Set(
    Object.entries(properties).flatMap(([name, each]) => ("x-connection" in each ? [value[name]] : [])),
  );
  const chosen = (data?.items ?? []).filter((each) => slugs.has(each.slug));
  if (chosen.length === 0) return null;
  return (
    <section className="stack" aria-label={t("Connections that it uses")}>
      <h3>{t("Connections that it uses")}</h3>
      <ul className="plain">
        {chosen.map((each) => (
          <li className="line" key={each.id}>
            <State of={each.health.state} words={said(HEALTH[each.health.state] ?? "")} />
            <span>{each.name}</span>
            {each.health.message ? <small>{each.health.message}</small> : null}
            {may("connection.test") ? (
              <button
                type="button"
                className="small"
                disabled={test.isPending}
                aria-label={t("Test {name}", { name: each.name })}
                onClick={() => {
                  test.mutate(each.id);
                }}
              >
                {t("Test")}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is wrong within a field is also shown at the field itself, saying where. */
function deepened(
  errors: readonly { pointer: string; detail: string }[],
): { pointer: string; detail: string }[] {
  return errors.flatMap((each) => {
    const [, root = "", field = "", ...within] = each.pointer.split("/");
    if (within.length === 0) return [each];
    return [each, { pointer: `/${root}/${field}`, detail: `${within.join("/")}: ${each.detail}` }];
  });
}
