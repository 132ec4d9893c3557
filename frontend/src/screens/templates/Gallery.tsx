import { Link } from "react-router";

import { useAnswer, useList } from "../../api/asking";
import { said, t, tn } from "../../text";
import { Loading, PageTitle, Trouble } from "../../ui/parts";
import { SketchPicture } from "./SketchPicture";
import type { Installation, TemplateLine } from "./shapes";

/** Templates: workflows that are ready, but for what is yours. */
export function Component(): React.JSX.Element {
  const { data, error, isLoading } = useAnswer<{ items: readonly TemplateLine[] }>("templates");
  const installed = useList<Installation>("installations?limit=200").items;
  return (
    <>
      <PageTitle title={t("Templates")} />
      <p>
        {t(
          "A template is a workflow that is ready, but for your connections and rules. Simulate it before it writes anything.",
        )}
      </p>
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      <ul className="gallery">
        {(data?.items ?? []).map((each) => {
          const count = installed.filter((one) => one.template === each.name).length;
          return (
            <li className="card" key={each.name}>
              <h2>
                <Link to={`/templates/${each.name}`}>{said(each.title)}</Link>
              </h2>
              <p>{said(each.summary)}</p>
              <SketchPicture sketch={each.sketch} />
              <p className="muted">
                {count > 0 ? tn("{n} installed", "{n} installed", count) : t("not installed")}
              </p>
            </li>
          );
        })}
      </ul>
    </>
  );
}
