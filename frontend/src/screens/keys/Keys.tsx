import { Link } from "react-router";

import { withQuery } from "../../api/asking";
import { inNumbers, t } from "../../text";

const MOST = 3;

/** The address of what happened to one person, template or job. */
export function timelineOf(name: string, value: string): string {
  return withQuery(`/keys/${name}`, { value });
}

/** What a run is about, each a way to its timeline. */
export function Keys({
  of,
  most = MOST,
}: {
  of: Readonly<Record<string, readonly string[]>>;
  most?: number;
}): React.JSX.Element | null {
  const all = Object.entries(of).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  if (all.length === 0) return null;
  return (
    <span className="keys">
      {all.slice(0, most).map(({ name, value }) => (
        <Link key={`${name} ${value}`} className="key" to={timelineOf(name, value)}>
          <span className="muted">{name}</span> {value}
        </Link>
      ))}
      {all.length > most ? (
        <span className="muted">{t("and {n} more", { n: inNumbers(all.length - most) })}</span>
      ) : null}
    </span>
  );
}
