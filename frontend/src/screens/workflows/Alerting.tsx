import { useState } from "react";
import { Link } from "react-router";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Page } from "../../api/shapes";
import { t } from "../../text";
import { KINDS, UNITS, whenOf, writtenAs, wrongOf } from "../alerts/rules";
import type { AlertRule, Kind, Unit } from "../alerts/rules";
import { Input } from "../../ui/Input";
import { errorsOf, Notice, Section, Trouble } from "../../ui/parts";
import { Select } from "../../ui/Select";

/** What is watched of a workflow, and who is told when it is not well. */
export function Alerting({ slug }: { slug: string }): React.JSX.Element {
  const rules = useList<AlertRule>(`workflows/${slug}/alert-rules`);
  return (
    <Section title={t("Alerts")} actions={<Link to="/alerts">{t("All alerts")}</Link>}>
      <Trouble of={rules.trouble} />
      {rules.isLoading || rules.trouble ? null : (
        <ul className="plain card">
          {(Object.keys(KINDS) as Kind[]).map((kind) => (
            <Watched
              key={kind}
              slug={slug}
              kind={kind}
              rule={rules.items.find((each) => each.kind === kind) ?? null}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Watched({
  slug,
  kind,
  rule,
}: {
  slug: string;
  kind: Kind;
  rule: AlertRule | null;
}): React.JSX.Element {
  const { may } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const title = t(KINDS[kind].title);
  const toldTo = rule?.mail ? rule.to.join(", ") : "";
  return (
    <li className="line">
      <span>{title}</span>
      <span className={rule ? "" : "muted"}>{rule ? whenOf(rule) : t("not watched")}</span>
      {rule ? (
        <span className="muted">
          {toldTo ? t("tells {people}", { people: toldTo }) : t("tells nobody, is only shown")}
        </span>
      ) : null}
      {may("workflow.edit") ? (
        <span className="end">
          <button
            type="button"
            className="small"
            aria-expanded={isOpen}
            aria-label={rule ? t("Change: {name}", { name: title }) : t("Watch: {name}", { name: title })}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {rule ? t("Change") : t("Watch")}
          </button>
        </span>
      ) : null}
      {rule?.began_at ? <Notice tone="bad">{wrongOf(rule)}</Notice> : null}
      {isOpen ? (
        <RuleForm
          slug={slug}
          kind={kind}
          rule={rule}
          onDone={() => {
            setIsOpen(false);
          }}
        />
      ) : null}
    </li>
  );
}

const FIRST_SECONDS: Readonly<Record<Kind, number | null>> = {
  failures: null,
  late: 900,
  long: null,
  silent: 172_800,
};
const UNIT_WORDS = { minutes: "minutes", hours: "hours", days: "days" } as const;

function RuleForm({
  slug,
  kind,
  rule,
  onDone,
}: {
  slug: string;
  kind: Kind;
  rule: AlertRule | null;
  onDone: () => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const mails = useAnswer<Page<Connection>>("connections?connector=email&limit=200").data?.items ?? [];
  const seconds = rule ? rule.seconds : FIRST_SECONDS[kind];
  const written = seconds === null ? { amount: "", unit: "minutes" as Unit } : writtenAs(seconds);
  const [count, setCount] = useState(String(rule?.count ?? 1));
  const [amount, setAmount] = useState(written.amount);
  const [unit, setUnit] = useState<Unit>(written.unit);
  const [mail, setMail] = useState(rule?.mail ?? "");
  const [to, setTo] = useState(rule ? rule.to.join(", ") : "");
  const address = `workflows/${slug}/alert-rules/${kind}`;
  const touched = [`workflows/${slug}/alert-rules`, "alerts"];
  const save = useDoing(async () => {
    await hub.put(address, {
      count: Number(count),
      seconds: kind === "failures" || amount.trim() === "" ? null : Math.round(Number(amount) * UNITS[unit]),
      mail,
      to: mail === "" ? [] : to.split(/[,;\s]+/).filter(Boolean),
    });
    onDone();
  }, touched);
  const remove = useDoing(async () => {
    await hub.delete(address);
    onDone();
  }, touched);
  const wrong = (field: string): string[] =>
    errorsOf(save.error)
      .filter((each) => each.pointer.startsWith(`/${field}`))
      .map((each) => each.detail);
  return (
    <form
      className="form wide whole"
      aria-label={t(KINDS[kind].title)}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <p className="help">{t(KINDS[kind].help)}</p>
      {kind === "failures" ? (
        <Input
          title={t("Runs in a row")}
          type="number"
          value={count}
          onChange={setCount}
          wrong={wrong("count")}
        />
      ) : (
        <div className="filters">
          <Input
            title={t("For how long")}
            type="number"
            value={amount}
            onChange={setAmount}
            wrong={wrong("seconds")}
            {...(kind === "long" ? { help: t("Empty: longer than usual.") } : {})}
          />
          <div className="field">
            <label htmlFor={`unit-${kind}`}>{t("Unit")}</label>
            <select
              id={`unit-${kind}`}
              value={unit}
              onChange={(event) => {
                setUnit(event.target.value as Unit);
              }}
            >
              {(Object.keys(UNITS) as Unit[]).map((each) => (
                <option key={each} value={each}>
                  {t(UNIT_WORDS[each])}
                </option>
              ))}
            </select>
          </div>
        </div>
      )}
      <Select
        title={t("Told by")}
        any={t("nobody is told, it is only shown")}
        value={mail}
        options={mails.map((each) => [each.slug, each.name])}
        onChange={setMail}
      />
      {mails.length === 0 ? (
        <p className="help">
          {t("To tell people, connect an e-mail server first.")}{" "}
          <Link to="/connections/new?connector=email">{t("Connect one")}</Link>
        </p>
      ) : null}
      {mail === "" ? null : (
        <Input
          title={t("Addresses, with commas between them")}
          value={to}
          onChange={setTo}
          wrong={[...wrong("to"), ...wrong("mail")]}
        />
      )}
      <Trouble of={errorsOf(save.error).length > 0 ? null : (save.error ?? remove.error)} />
      <div className="row">
        <button type="submit" className="primary" disabled={save.isPending}>
          {t("Save")}
        </button>
        {rule ? (
          <button
            type="button"
            disabled={remove.isPending}
            onClick={() => {
              remove.mutate(undefined);
            }}
          >
            {t("Watch it no more")}
          </button>
        ) : null}
      </div>
    </form>
  );
}
