import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { day } from "../../text/time";
import { Empty, errorsOf, PageTitle, Trouble } from "../../ui/parts";
import { Input } from "../../ui/Input";
import type { Deputy } from "./shapes";

/** Who decides in whose place, and when. */
export function Component(): React.JSX.Element {
  const { hub, may, me } = useSession();
  const list = useList<Deputy>("deputies");
  const end = useDoing((id: string) => hub.delete(`deputies/${id}`), ["deputies", "approvals"]);
  return (
    <>
      <PageTitle title={t("Deputies")} crumbs={[{ title: t("Approvals"), to: "/approvals" }]} />
      <p>
        {t(
          "A deputy may decide in your place on the days that you name. What they decide is noted as theirs.",
        )}
      </p>
      <Trouble of={list.trouble ?? end.error} />
      {list.items.length === 0 && !list.isLoading ? <Empty>{t("There is no deputy now.")}</Empty> : null}
      <ul className="cards">
        {list.items.map((each) => (
          <li className="card" key={each.id}>
            <p>
              <strong>{each.deputy}</strong>{" "}
              {t("for {person}, from {first} to {last}", {
                person: each.person,
                first: day(each.first_day),
                last: day(each.last_day),
              })}
            </p>
            {(may("approval.delegate") && each.person === me.person.username) || may("approval.manage") ? (
              <div>
                <button
                  type="button"
                  className="small danger"
                  aria-label={t("Take back {deputy} for {person}", {
                    deputy: each.deputy,
                    person: each.person,
                  })}
                  onClick={() => {
                    end.mutate(each.id);
                  }}
                >
                  {t("Take back")}
                </button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {may("approval.delegate") ? <NewDeputy /> : null}
    </>
  );
}

const NOBODY = { person: "", deputy: "", first_day: "", last_day: "" };

function NewDeputy(): React.JSX.Element {
  const { hub, may } = useSession();
  const [given, setGiven] = useState(NOBODY);
  const make = useDoing(async () => {
    await hub.post("deputies", given);
    setGiven(NOBODY);
  }, ["deputies"]);
  const errors = errorsOf(make.error);
  const field = (
    name: keyof typeof NOBODY,
  ): Pick<React.ComponentProps<typeof Input>, "value" | "wrong" | "onChange"> => ({
    value: given[name],
    wrong: errors.filter((each) => each.pointer === `/${name}`).map((each) => each.detail),
    onChange: (to: string) => {
      setGiven({ ...given, [name]: to });
    },
  });
  return (
    <section className="card" aria-label={t("Name a deputy")}>
      <h2>{t("Name a deputy")}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(undefined);
        }}
      >
        {may("approval.manage") ? (
          <Input
            title={t("For")}
            help={t("A user name; yourself when you leave it empty.")}
            {...field("person")}
          />
        ) : null}
        <Input title={t("Deputy")} help={t("A user name.")} isRequired {...field("deputy")} />
        <Input title={t("First day")} type="date" isRequired {...field("first_day")} />
        <Input title={t("Last day")} type="date" isRequired {...field("last_day")} />
        {errors.length === 0 ? <Trouble of={make.error} /> : null}
        <div>
          <button className="primary" disabled={make.isPending}>
            {t("Name the deputy")}
          </button>
        </div>
      </form>
    </section>
  );
}
