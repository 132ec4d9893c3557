import { useState } from "react";
import { Link } from "react-router";

import { useList } from "../../api/asking";
import type { JsonObject } from "../../document/types";
import { said, t } from "../../text";
import { Empty, PageTitle, State, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import { currentOf } from "./findings";
import type { Recorded } from "./findings";

/** What is not as a policy says. The newest record of each finding says how it is now. */
export function Component(): React.JSX.Element {
  const [isAll, setIsAll] = useState(false);
  const list = useList<Recorded>("evidence?kind=finding&limit=200");
  const found = currentOf(list.items);
  const shown = isAll ? found : found.filter((each) => !each.gone);
  return (
    <>
      <PageTitle title={t("Findings")} crumbs={[{ title: t("Evidence"), to: "/evidence" }]} />
      <div className="chips" role="group" aria-label={t("Which findings")}>
        {[false, true].map((each) => (
          <button
            key={String(each)}
            type="button"
            aria-pressed={isAll === each}
            onClick={() => {
              setIsAll(each);
            }}
          >
            {each ? t("all") : t("not mended yet")}
          </button>
        ))}
      </div>
      <ListTable
        name={t("Findings")}
        list={{ ...list, items: shown }}
        keyOf={(each) => String(each.number)}
        columns={[
          {
            title: t("State"),
            cell: (each) =>
              each.gone ? <State of="well" words={t("mended")} /> : <State of="open" words={t("is so")} />,
          },
          { title: t("What was found"), isHead: true, cell: (each) => textOf(each, "message") },
          { title: t("Kind"), cell: (each) => said(textOf(each, "code").replaceAll("-", " ")) },
          { title: t("Domain"), cell: (each) => each.domain || "–" },
          { title: t("Whom or what"), cell: (each) => each.person ?? (each.subject || "–") },
          { title: t("Seen"), cell: (each) => <When at={each.seen_at} isFull /> },
        ]}
        empty={
          <Empty action={<Link to="/templates">{t("Go to the templates")}</Link>}>
            {t("Nothing is found. The template for governance looks for what is not as the policy says.")}
          </Empty>
        }
      />
    </>
  );
}

function textOf({ parts }: Recorded, name: string): string {
  for (const part of Object.values(parts ?? {})) {
    const value = (part as JsonObject | null)?.[name];
    if (typeof value === "string") return value;
  }
  return "–";
}
