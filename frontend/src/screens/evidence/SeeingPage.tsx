import { useState } from "react";
import { useSearchParams } from "react-router";

import { useAnswer, withQuery } from "../../api/asking";
import { inNumbers, t, tn } from "../../text";
import { moment } from "../../text/time";
import { Input } from "../../ui/Input";
import { Empty, Facts, Loading, Notice, PageTitle, Section, Trouble } from "../../ui/parts";
import { Table } from "../../ui/Table";

interface Seen {
  readonly person: string;
  readonly known: boolean;
  readonly context: {
    readonly department?: string;
    readonly title?: string;
    readonly country?: string;
    readonly disabled?: boolean | null;
    readonly read_at?: string;
    readonly groups: readonly { readonly group: string; readonly way: readonly string[] }[];
  };
  readonly read_at: Readonly<Record<string, string>>;
  readonly not_read: readonly string[];
  readonly domains: readonly Domain[];
}

interface Domain {
  readonly source: string;
  readonly domain: string;
  readonly because: readonly {
    readonly role: string;
    readonly group: string;
    readonly way: readonly string[];
    readonly record: number;
  }[];
  readonly may: Readonly<Record<string, readonly string[]>>;
  readonly sees_jobs: boolean;
  readonly resources: {
    readonly count: number;
    readonly listed: readonly {
      readonly record: number;
      readonly id: string | null;
      readonly name: string | null;
      readonly type: string | null;
      readonly version: string | null;
      readonly state: string | null;
    }[];
  };
}

/** What somebody could see at a time, and why: as the evidence tells it. */
export function Component(): React.JSX.Element {
  const [asked, ask] = useSearchParams();
  const value = (name: string): string => asked.get(name) ?? "";
  const [person, setPerson] = useState(value("person"));
  const [at, setAt] = useState(value("at"));
  const [subject, setSubject] = useState(value("subject"));
  const moment_ = Number.isNaN(Date.parse(value("at"))) ? "" : new Date(value("at")).toISOString();
  const isAsked = value("person") !== "" && moment_ !== "";
  const { data, error, isLoading } = useAnswer<Seen>(
    withQuery("evidence/could-see", { person: value("person"), at: moment_, subject: value("subject") }),
    { isWanted: isAsked },
  );
  return (
    <>
      <PageTitle title={t("What could somebody see?")} crumbs={[{ title: t("Evidence"), to: "/evidence" }]} />
      <form
        className="filters"
        role="search"
        aria-label={t("Who, and when")}
        onSubmit={(event) => {
          event.preventDefault();
          ask({ person: person.trim(), at, ...(subject.trim() ? { subject: subject.trim() } : {}) });
        }}
      >
        <Input title={t("Person (user@partition)")} value={person} onChange={setPerson} isRequired />
        <Input title={t("At this time")} type="datetime-local" value={at} onChange={setAt} isRequired />
        <Input title={t("One template only (optional)")} value={subject} onChange={setSubject} />
        <button type="submit" className="primary">
          {t("Look it up")}
        </button>
      </form>
      <Trouble of={error} />
      {isAsked && isLoading ? <Loading /> : null}
      {isAsked ? null : (
        <Empty>
          {t(
            "Name a person and a day: the evidence tells in which groups they were then, which roles these had, and what could be seen with them.",
          )}
        </Empty>
      )}
      {data ? <Answer seen={data} /> : null}
    </>
  );
}

function Answer({ seen }: { seen: Seen }): React.JSX.Element {
  if (!seen.known) {
    return (
      <Notice tone="warn">
        {t("The evidence does not know {person} at that time. What was not read is not known.", {
          person: seen.person,
        })}
      </Notice>
    );
  }
  const { context } = seen;
  return (
    <>
      {seen.not_read.length > 0 ? (
        <Notice tone="warn">
          {t("Never read before that time, so not known: {kinds}.", { kinds: seen.not_read.join(", ") })}
        </Notice>
      ) : null}
      <Section title={seen.person}>
        <Facts
          of={[
            context.department ? [t("Department"), context.department] : null,
            context.title ? [t("Title"), context.title] : null,
            context.country ? [t("Country"), context.country] : null,
            [t("Account"), context.disabled ? t("disabled") : t("enabled")],
            context.read_at ? [t("Read in the directory"), moment(context.read_at)] : null,
          ]}
        />
      </Section>
      {seen.domains.length === 0 ? (
        <Empty>{t("In no domain: no group of theirs had a role anywhere.")}</Empty>
      ) : null}
      {seen.domains.map((each) => (
        <DomainSeen key={`${each.source} ${each.domain}`} of={each} />
      ))}
    </>
  );
}

function DomainSeen({ of }: { of: Domain }): React.JSX.Element {
  return (
    <Section
      title={of.domain}
      note={tn("{n} resource could be seen", "{n} resources could be seen", of.resources.count)}
    >
      <h3>{t("Why")}</h3>
      <ul>
        {of.because.map((each) => (
          <li key={`${each.role} ${each.group}`}>
            {t("Role {role}, because of the group {way} (record {n}).", {
              role: each.role,
              way: each.way.length > 0 ? each.way.join(" > ") : each.group,
              n: inNumbers(each.record),
            })}
          </li>
        ))}
        {of.sees_jobs ? <li>{t("These roles also see the output jobs of the domain.")}</li> : null}
      </ul>
      <h3>{t("What they could do")}</h3>
      <Facts of={Object.entries(of.may).map(([type, words]) => [type, words.join(", ")] as const)} />
      {of.resources.listed.length > 0 ? (
        <details>
          <summary>{t("What there was")}</summary>
          <Table
            name={t("What there was in {domain}", { domain: of.domain })}
            rows={of.resources.listed}
            keyOf={(each) => String(each.record)}
            columns={[
              { title: t("Name"), isHead: true, cell: (each) => each.name ?? each.id ?? "–" },
              { title: t("Kind"), cell: (each) => each.type ?? "–" },
              { title: t("Version"), cell: (each) => each.version ?? "–" },
              { title: t("State"), cell: (each) => each.state ?? "–" },
              { title: t("Record"), isNumber: true, cell: (each) => inNumbers(each.record) },
            ]}
          />
          {of.resources.count > of.resources.listed.length ? (
            <p className="muted">
              {t("and {n} more", { n: inNumbers(of.resources.count - of.resources.listed.length) })}
            </p>
          ) : null}
        </details>
      ) : null}
    </Section>
  );
}
