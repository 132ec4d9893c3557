/** The small parts that every page is made of. */

import { Link } from "react-router";

import { Refused } from "../api/hub";
import { said, t, told } from "../text";
import type { Parts } from "../text";
import { exactly, fromNow, moment } from "../text/time";

export interface Crumb {
  readonly title: string;
  readonly to: string;
}

export function PageTitle({
  title,
  crumbs = [],
  badge,
  children,
}: {
  title: string;
  crumbs?: readonly Crumb[];
  badge?: React.ReactNode;
  children?: React.ReactNode;
}): React.JSX.Element {
  return (
    <header className="stack page-title">
      <title>{`${title} · Lockgate`}</title>
      {crumbs.length > 0 ? (
        <nav aria-label={t("Where you are")}>
          <ol className="crumbs">
            {crumbs.map((each) => (
              <li key={each.to}>
                <Link to={each.to}>{each.title}</Link>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className="title">
        <h1>{title}</h1>
        {badge}
        {children ? <div className="actions row">{children}</div> : null}
      </div>
    </header>
  );
}

export function Section({
  title,
  note,
  children,
  actions,
}: {
  title: string;
  note?: string;
  actions?: React.ReactNode;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="stack" aria-label={title}>
      <div className="title">
        <h2>{title}</h2>
        {note ? <span className="muted">{note}</span> : null}
        {actions ? <div className="actions row">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}

const TONES: Readonly<Record<string, string>> = {
  succeeded: "good",
  applied: "good",
  approved: "good",
  well: "good",
  sent: "good",
  already: "good",
  failed: "bad",
  failing: "bad",
  refused: "bad",
  rejected: "bad",
  expired: "bad",
  running: "busy",
  applying: "busy",
  writing: "busy",
  sending: "busy",
  planned: "",
  waiting: "warn",
  in_doubt: "warn",
  proposed: "warn",
  open: "warn",
  parked: "warn",
  held: "warn",
  left_out: "",
  unknown: "warn",
};

/** A state as a word; the colour only repeats it. */
export function State({ of, words }: { of: string; words?: string }): React.JSX.Element {
  return <span className={`badge ${TONES[of] ?? ""}`}>{words ?? said(of.replace("_", " "))}</span>;
}

/** A moment, said from now; the exact one when one points at it. */
export function When({ at, isFull = false }: { at: string | null; isFull?: boolean }): React.JSX.Element {
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} title={exactly(at)}>
      {isFull ? moment(at) : fromNow(at)}
    </time>
  );
}

export function Notice({
  tone = "info",
  children,
}: {
  tone?: "info" | "good" | "bad" | "warn";
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {typeof children === "string" ? <p>{children}</p> : children}
    </div>
  );
}

/** An empty place that says what comes there, and what to do for it. */
export function Empty({
  children,
  action,
}: {
  children: React.ReactNode;
  action?: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className="empty stack">
      <p>{children}</p>
      {action ? <div className="row">{action}</div> : null}
    </div>
  );
}

/** What went wrong, in the hub's words. What it says of single fields that no form shows is listed. */
export function Trouble({ of }: { of: Error | null | undefined }): React.JSX.Element | null {
  if (!of) return null;
  const errors = of instanceof Refused ? errorsOf(of) : [];
  return (
    <Notice tone="bad">
      <p>{said(of.message)}</p>
      {errors.length > 0 ? (
        <ul>
          {errors.map((each) => (
            <li key={`${each.pointer}${each.detail}`}>
              {each.pointer ? <code>{each.pointer}</code> : null} {each.detail}
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export function errorsOf(trouble: Error | null | undefined): readonly FieldError[] {
  const held = trouble instanceof Refused ? trouble.problem["errors"] : undefined;
  const errors = Array.isArray(held) ? (held as (FieldError & { readonly detail_parts?: Parts })[]) : [];
  return errors.map(({ pointer, detail, detail_parts }) => ({ pointer, detail: told(detail, detail_parts) }));
}

/** Grey lines where something is still to come. */
export function Loading(): React.JSX.Element {
  return (
    <div className="loading" role="status">
      <span className="hidden-visually">{t("Loading…")}</span>
      <span className="bar" />
      <span className="bar" />
      <span className="bar" />
    </div>
  );
}

export function Facts({
  of,
}: {
  of: readonly (readonly [string, React.ReactNode] | null)[];
}): React.JSX.Element {
  return (
    <dl className="facts">
      {of.map((each) =>
        each ? (
          <div key={each[0]}>
            <dt>{each[0]}</dt>
            <dd>{each[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
