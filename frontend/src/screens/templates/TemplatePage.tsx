import { useParams, useSearchParams } from "react-router";

import { useAnswer, useList } from "../../api/asking";
import { useMay } from "../../api/session";
import { Drawing } from "../../editor/Drawing";
import { said, t } from "../../text";
import { Loading, PageTitle, Section, Trouble } from "../../ui/parts";
import { Installed } from "./Installed";
import { Setup } from "./Setup";
import type { Installation, Template } from "./shapes";

/** One template: what it does, reads and writes; what is installed of it; setting it up. */
export function Component(): React.JSX.Element {
  const { name = "" } = useParams();
  const [asked, ask] = useSearchParams();
  const mayInstall = useMay("template.install");
  const { data: template, error, isLoading } = useAnswer<Template>(`templates/${name}`);
  const installed = useList<Installation>(`installations?template=${name}&limit=200`);
  const crumbs = [{ title: t("Templates"), to: "/templates" }];
  const slug = asked.get("slug") ?? "";
  const changed = installed.items.find((each) => each.slug === slug);
  if (isLoading || installed.isLoading) return <Loading />;
  if (!template) {
    return (
      <>
        <PageTitle title={t("Template")} crumbs={crumbs} />
        <Trouble of={error} />
      </>
    );
  }
  return (
    <>
      <PageTitle title={said(template.title)} crumbs={crumbs} />
      <p>{template.description}</p>
      <Drawing document={template.picture} />
      <div className="columns">
        <What title={t("What it reads")} of={template.reads} />
        <What title={t("What it writes")} of={template.writes} />
        <What title={t("What it does not do")} of={template.limits} />
      </div>
      {installed.items.length > 0 ? (
        <Section title={t("Installed")}>
          <ul className="cards">
            {installed.items.map((each) => (
              <Installed
                key={each.id}
                template={template}
                of={each}
                onConfigure={() => {
                  ask({ slug: each.slug });
                }}
              />
            ))}
          </ul>
        </Section>
      ) : null}
      {mayInstall ? (
        <Setup
          key={changed?.slug ?? ""}
          template={template}
          {...(changed ? { of: changed } : {})}
          onDone={() => {
            ask({});
          }}
        />
      ) : null}
    </>
  );
}

function What({ title, of }: { title: string; of: readonly string[] }): React.JSX.Element | null {
  if (of.length === 0) return null;
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {of.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </section>
  );
}
