import { useState } from "react";

import { useAnswer } from "../../api/asking";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, Facts, Section, Trouble, When } from "../../ui/parts";

interface Reach {
  readonly domains: Readonly<Record<string, readonly string[]>>;
  readonly read_at: string;
}

/** What one delegate reaches just now, asked of the directory. */
export function ReachOf(): React.JSX.Element {
  const [name, setName] = useState("");
  const [asked, setAsked] = useState("");
  const { data, error } = useAnswer<Reach>(`delegates/${encodeURIComponent(asked)}/reach`, {
    isWanted: asked !== "",
  });
  return (
    <Section title={t("What does a delegate reach?")}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(name.trim());
        }}
      >
        <Input title={t("User name")} value={name} onChange={setName} isRequired />
        <button type="submit">{t("Look it up")}</button>
      </form>
      <Trouble of={error} />
      {data ? (
        <>
          {Object.keys(data.domains).length === 0 ? (
            <Empty>{t("{name} reaches no domain.", { name: asked })}</Empty>
          ) : (
            <Facts
              of={Object.entries(data.domains).map(([domain, acts]) => [domain, acts.join(", ")] as const)}
            />
          )}
          <p className="muted">
            {t("Read in the directory")} <When at={data.read_at} />
          </p>
        </>
      ) : null}
    </Section>
  );
}
