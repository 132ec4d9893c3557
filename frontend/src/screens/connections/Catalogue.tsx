import { Link } from "react-router";

import { useMay } from "../../api/session";
import type { Connector } from "../../api/shapes";
import { t, tn } from "../../text";
import { Section, Trouble } from "../../ui/parts";

/** The connectors: what each can do, and which hosts it talks to. */
export function Catalogue({
  connectors,
  trouble,
}: {
  connectors: readonly Connector[];
  trouble: Error | null;
}): React.JSX.Element {
  const mayEdit = useMay("connection.edit");
  return (
    <Section title={t("Connectors")} note={t("services that can be connected")}>
      <Trouble of={trouble} />
      <ul className="gallery">
        {connectors.map((each) => (
          <li className="card" key={each.name}>
            <div className="row spread">
              <h3>{each.manifest.name}</h3>
              <span className="muted">{each.manifest.version}</span>
            </div>
            <p>{each.manifest.description}</p>
            <p className="muted">
              {[
                tn("{n} action", "{n} actions", each.actions.length),
                tn("{n} event", "{n} events", each.event_sources.length),
              ].join(", ")}
            </p>
            <details>
              <summary>{t("What it can do")}</summary>
              <ul>
                {[...each.actions, ...each.event_sources].map((one) => (
                  <li key={one.name}>
                    <strong>{one.title}</strong> {one.description}
                  </li>
                ))}
              </ul>
              <p>{`${t("Talks to")}: ${each.manifest.talks_to.join(", ") || "–"}`}</p>
            </details>
            {mayEdit ? (
              <div>
                <Link
                  className="button small"
                  to={`/connections/new?connector=${each.name}`}
                  aria-label={t("Connect {name}", { name: each.manifest.name })}
                >
                  {t("Connect")}
                </Link>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
