import { useState } from "react";
import { Link } from "react-router";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { inNumbers, t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, Facts, Notice, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import { Packs } from "./Packs";

interface Feed {
  readonly name: string;
  readonly source: string;
  readonly kind: string;
  readonly collected_until: string;
  readonly late_at: string | null;
  readonly is_late: boolean;
}

interface Verdict {
  readonly whole: boolean;
  readonly count: number;
  readonly head: string;
  readonly breaks: readonly string[];
}

/** What was collected outside, whether it is whole, and packs of it for auditors. */
export function Component(): React.JSX.Element {
  const feeds = useList<Feed>("evidence/feeds");
  return (
    <>
      <PageTitle title={t("Evidence")}>
        <Link className="button primary" to="/evidence/could-see">
          {t("What could somebody see?")}
        </Link>
        <Link className="button" to="/findings">
          {t("Findings")}
        </Link>
      </PageTitle>
      <Chain />
      <Section title={t("What is collected")}>
        <ListTable
          name={t("What is collected")}
          list={feeds}
          keyOf={(each) => each.name}
          columns={[
            { title: t("Collection"), isHead: true, cell: (each) => each.name },
            { title: t("Kind"), cell: (each) => each.kind },
            { title: t("Connection"), cell: (each) => each.source },
            { title: t("Collected until"), cell: (each) => <When at={each.collected_until} isFull /> },
            {
              title: t("State"),
              cell: (each) =>
                each.is_late ? (
                  <State of="waiting" words={t("late")} />
                ) : (
                  <State of="well" words={t("in time")} />
                ),
            },
          ]}
          empty={
            <Empty action={<Link to="/templates">{t("Go to the templates")}</Link>}>
              {t("Nothing is collected yet. Install the template that collects evidence.")}
            </Empty>
          }
        />
      </Section>
      <Packs />
    </>
  );
}

/** Whether every record is as it was written. */
function Chain(): React.JSX.Element {
  const { hub } = useSession();
  const [noted, setNoted] = useState("");
  const verify = useDoing(
    () => hub.post<Verdict>("evidence/verify", noted.trim() ? { noted: noted.trim() } : {}),
    [],
  );
  const verdict = verify.data;
  return (
    <Section title={t("Is it whole?")}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate(undefined);
        }}
      >
        <Input
          title={t("Head that was noted before (optional)")}
          value={noted}
          onChange={setNoted}
          placeholder="1234:ab…"
        />
        <button type="submit" className="primary" disabled={verify.isPending}>
          {verify.isPending ? t("Checking…") : t("Check the evidence")}
        </button>
      </form>
      <Trouble of={verify.error} />
      {verdict ? (
        <Notice tone={verdict.whole ? "good" : "bad"}>
          <p>
            {verdict.whole
              ? t("The evidence is whole: {n} records, each holding the digest of the one before.", {
                  n: inNumbers(verdict.count),
                })
              : t("The evidence is not whole.")}
          </p>
          {verdict.breaks.length > 0 ? (
            <ul>
              {verdict.breaks.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          ) : null}
        </Notice>
      ) : null}
      {verdict ? (
        <Facts of={[[t("Head: note it elsewhere"), <code key="head">{verdict.head || "–"}</code>]]} />
      ) : null}
    </Section>
  );
}
