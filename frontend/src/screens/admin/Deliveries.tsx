import { Link, useSearchParams } from "react-router";

import { useDoing, useList, withQuery } from "../../api/asking";
import { useSession } from "../../api/session";
import { said, t } from "../../text";
import { Empty, Notice, PageTitle, State, Trouble, When } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ListTable } from "../../ui/Table";

interface Told {
  readonly id: string;
  readonly subject: string;
  readonly run: string | null;
}

interface Delivery {
  readonly id: string;
  readonly notice: Told;
  readonly person: string;
  readonly name: string;
  readonly address: string;
  readonly state: string;
  readonly message: string;
  readonly due_at: string | null;
  readonly ended_at: string | null;
}

const STATES = ["planned", "sending", "sent", "refused", "withheld", "unknown"];
const SETTLED_BY_HAND: ReadonlySet<string> = new Set(["unknown", "refused"]);

/** Who was told what, and why not. */
export function Component(): React.JSX.Element {
  const { hub, may } = useSession();
  const [asked, ask] = useSearchParams();
  const value = (name: string): string => asked.get(name) ?? "";
  const set = (name: string, to: string): void => {
    ask(
      (held) => {
        if (to) held.set(name, to);
        else held.delete(name);
        return held;
      },
      { replace: true },
    );
  };
  const untold = useList<Told>("notices/untold?limit=10");
  const list = useList<Delivery>(
    withQuery("deliveries", {
      notice: value("notice"),
      state: value("state"),
      person: value("person"),
      reason: value("reason"),
    }),
  );
  const settle = useDoing(
    ({ id, arrived }: { id: string; arrived: boolean }) => hub.post(`deliveries/${id}/settle`, { arrived }),
    ["deliveries", "notices"],
  );
  return (
    <>
      <PageTitle title={t("Deliveries")}>
        <Link className="button" to="/opt-outs">
          {t("Opt-outs of notices")}
        </Link>
      </PageTitle>
      {untold.items.map((each) => (
        <Notice tone="bad" key={each.id}>
          <p>
            {t("Nobody was told of")} <Link to={`/deliveries?notice=${each.id}`}>{each.subject}</Link>
            {t(", although somebody has to be.")}
          </p>
        </Notice>
      ))}
      <div className="filters" role="search" aria-label={t("Which deliveries")}>
        <Select
          title={t("State")}
          value={value("state")}
          options={STATES.map((each) => [each, said(each)])}
          onChange={(to) => {
            set("state", to);
          }}
        />
        <Search
          title={t("Person or address")}
          value={value("person")}
          onChange={(to) => {
            set("person", to);
          }}
        />
        <Search
          title={t("Reason")}
          value={value("reason")}
          onChange={(to) => {
            set("reason", to);
          }}
        />
        {value("notice") ? (
          <button
            type="button"
            onClick={() => {
              set("notice", "");
            }}
          >
            {t("Of everything")}
          </button>
        ) : null}
      </div>
      <Trouble of={settle.error} />
      <ListTable
        name={t("Deliveries")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          {
            title: t("To"),
            isHead: true,
            cell: (each) => (
              <>
                {each.name || each.person}
                {each.address ? <small className="muted described">{each.address}</small> : null}
              </>
            ),
          },
          {
            title: t("What"),
            cell: (each) => (
              <>
                <Link to={`/deliveries?notice=${each.notice.id}`}>{each.notice.subject}</Link>
                {each.notice.run ? (
                  <small className="described">
                    <Link to={`/runs/${each.notice.run}`}>{t("Run")}</Link>
                  </small>
                ) : null}
              </>
            ),
          },
          { title: t("State"), cell: (each) => <State of={each.state} /> },
          { title: t("Why"), cell: (each) => each.message },
          { title: t("When"), cell: (each) => <When at={each.ended_at ?? each.due_at} /> },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) =>
              SETTLED_BY_HAND.has(each.state) && may("notice.settle") ? (
                <div className="row">
                  <button
                    type="button"
                    className="small"
                    aria-label={t("It arrived: {name}", { name: each.name || each.person })}
                    onClick={() => {
                      settle.mutate({ id: each.id, arrived: true });
                    }}
                  >
                    {t("It arrived")}
                  </button>
                  <button
                    type="button"
                    className="small"
                    aria-label={t("Send again: {name}", { name: each.name || each.person })}
                    onClick={() => {
                      settle.mutate({ id: each.id, arrived: false });
                    }}
                  >
                    {t("Send again")}
                  </button>
                </div>
              ) : null,
          },
        ]}
        empty={
          <Empty>
            {asked.size > 0
              ? t("There is no such delivery.")
              : t(
                  "Nobody was told of anything yet. What workflows tell people stands here, with what became of it.",
                )}
          </Empty>
        }
      />
    </>
  );
}
