import { useAnswer } from "../../api/asking";
import { useMay } from "../../api/session";
import { inNumbers, t, tn } from "../../text";
import { Section, State } from "../../ui/parts";

interface Sandbox {
  readonly name: string;
  readonly url: string;
  readonly answers: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: number;
}

const MOST = 8;
const LOOK_MS = 15_000;

/** The stand-ins that were started beside the hub: what they hold, and the way there. Nothing without them. */
export function Sandboxes(): React.JSX.Element | null {
  const isWanted = useMay("connection.view");
  const { data } = useAnswer<{ items: readonly Sandbox[] }>("sandboxes", { isWanted, everyMs: LOOK_MS });
  if (!data || data.items.length === 0) return null;
  return (
    <Section title={t("Sandboxes")}>
      <ul className="plain card">
        {data.items.map((each) => (
          <li className="line" key={each.name}>
            <State
              of={each.answers ? "well" : "failing"}
              words={each.answers ? t("answers") : t("does not answer")}
            />
            <a href={each.url} target="_blank" rel="noreferrer">
              {each.name}
            </a>
            <span className="end">
              {Object.entries(each.counts)
                .slice(0, MOST)
                .map(([of, count]) => `${inNumbers(count)} ${counted(of.replaceAll("_", " "), count)}`)
                .join(", ")}
              {each.faults > 0 ? `; ${tn("{n} way to misbehave", "{n} ways to misbehave", each.faults)}` : ""}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The sandboxes name what they hold in the plural. */
function counted(things: string, count: number): string {
  return count === 1 && things.endsWith("s") ? things.slice(0, -1) : things;
}
