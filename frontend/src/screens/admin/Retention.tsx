import { Link } from "react-router";

import { useAnswer } from "../../api/asking";
import { useSession } from "../../api/session";
import { t, tn } from "../../text";
import { Empty, Facts, Loading, PageTitle, Section, Trouble, When } from "../../ui/parts";
import { Holds } from "./Holds";
import { Rules } from "./Rules";
import { Table } from "../../ui/Table";
import { inBytes } from "../../ui/sizes";
import type { Line, Overview } from "./retention";

/** For how long runs are kept, how large they are, where that goes, and what is held back. */
export function Component(): React.JSX.Element {
  const { may } = useSession();
  const { data, error, isLoading } = useAnswer<Overview>("retention");
  if (isLoading) return <Loading />;
  if (!data) {
    return (
      <>
        <PageTitle title={t("Retention")} />
        <Trouble of={error} />
      </>
    );
  }
  return (
    <>
      <PageTitle title={t("Retention")} />
      <Facts
        of={[
          [t("Runs take"), inBytes(data.bytes)],
          [t("At this rate"), t("{size} a month", { size: inBytes(data.a_month) })],
          [
            t("Levels off at"),
            data.levels_off_at === null ? t("never: it grows for ever") : inBytes(data.levels_off_at),
          ],
          [t("The whole database"), inBytes(data.database_bytes)],
          [t("Measured"), <When key="at" at={data.measured_at} />],
        ]}
      />
      <Section title={t("How long it is kept")}>
        <p>{t("Counted from the end of a run. What a workflow says comes before this.")}</p>
        <Rules kept={data.kept} workflow="" isEditable={may("retention.edit")} />
      </Section>
      <Section title={t("Sizes")}>
        <Sizes of={data.workflows} />
      </Section>
      <Holds />
    </>
  );
}

function Sizes({ of }: { of: readonly Line[] }): React.JSX.Element {
  if (of.length === 0) return <Empty>{t("There is no workflow yet.")}</Empty>;
  return (
    <Table
      name={t("Sizes")}
      rows={of}
      keyOf={(each) => each.workflow}
      columns={[
        {
          title: t("Workflow"),
          isHead: true,
          cell: (each) => <Link to={`/workflows/${each.workflow}`}>{each.workflow_name}</Link>,
        },
        {
          title: t("Runs"),
          cell: (each) => (each.runs === null ? t("not measured yet") : tn("{n} run", "{n} runs", each.runs)),
        },
        {
          title: t("Size"),
          isNumber: true,
          cell: (each) => (each.bytes === null ? "" : inBytes(each.bytes)),
        },
        {
          title: t("At this rate"),
          isNumber: true,
          cell: (each) => (each.a_month === null ? "" : t("{size} a month", { size: inBytes(each.a_month) })),
        },
        { title: t("Levels off at"), cell: levels },
        { title: t("Oldest"), cell: (each) => <When at={each.oldest_at} /> },
      ]}
    />
  );
}

function levels(line: Line): string {
  if (line.bytes === null) return "";
  return line.levels_off_at === null ? t("never: it grows for ever") : inBytes(line.levels_off_at);
}
