import { Link } from "react-router";

import { useAnswer } from "../../api/asking";
import { useSession } from "../../api/session";
import { t, tn } from "../../text";
import { Section } from "../../ui/parts";
import { inBytes } from "../../ui/sizes";
import { Rules } from "../admin/Rules";
import type { Line } from "../admin/retention";

/** For how long the runs of a workflow are kept, and how large they are. */
export function Keeping({ slug }: { slug: string }): React.JSX.Element | null {
  const { may } = useSession();
  const { data } = useAnswer<Line>(`workflows/${slug}/retention`);
  if (!data) return null;
  return (
    <Section
      title={t("How long its runs are kept")}
      actions={<Link to="/retention">{t("Retention of the workspace")}</Link>}
    >
      {data.bytes !== null && data.runs !== null && data.a_month !== null ? (
        <p>
          {tn(
            "{n} run takes {size}; at this rate {more} a month.",
            "{n} runs take {size}; at this rate {more} a month.",
            data.runs,
            {
              size: inBytes(data.bytes),
              more: inBytes(data.a_month),
            },
          )}
        </p>
      ) : null}
      <Rules kept={data.kept} workflow={slug} isEditable={may("retention.edit")} />
    </Section>
  );
}
