import type { Saving, Side } from "./store";
import { COMMANDS } from "./commands";
import { Publish } from "./Publish";
import { documentOf, useEditor, useEditorStore } from "./store";
import { t } from "../text";
import type { Text } from "../text";

const SAVING: Readonly<Record<Saving, Text>> = {
  saved: "Saved",
  unsaved: "Not saved yet",
  saving: "Saving…",
  unreachable: "Offline, kept here",
  conflict: "Changed by somebody else",
  refused: "Not saved",
};

/** What concerns the whole workflow. */
export function Toolbar(): React.JSX.Element {
  const store = useEditorStore();
  const name = useEditor((editor) => documentOf(editor).name);
  const saving = useEditor((editor) => editor.saving);
  const trouble = useEditor((editor) => editor.trouble);
  const problems = useEditor((editor) => editor.problems.length);
  const others = useEditor((editor) => editor.others);
  const view = useEditor((editor) => editor.view);
  const side = useEditor((editor) => editor.side);
  const published = useEditor((editor) => editor.published);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const slug = useEditor((editor) => editor.slug);
  const toggle = (to: Side, label: Text, count?: number): React.JSX.Element => (
    <button
      type="button"
      className="small"
      aria-pressed={side === to}
      onClick={() => {
        store.getState().show(to);
      }}
    >
      {t(label)}
      {count ? <span className="badge bad">{count}</span> : null}
    </button>
  );
  return (
    <div className="toolbar" role="toolbar" aria-label={t("Workflow")}>
      <div className="toolbar-name">
        <a href={`/workflows/${slug}`} aria-label={t("Back to the workflow's page")}>
          ←
        </a>
        <input
          aria-label={t("Name of the workflow")}
          value={name}
          readOnly={!mayEdit}
          onChange={(event) => {
            store.getState().edit({ type: "describe", change: { name: event.target.value } }, "name");
          }}
        />
        <span
          className={`badge ${saving === "saved" ? "" : saving === "saving" || saving === "unsaved" ? "busy" : "warn"}`}
          role="status"
          title={trouble}
        >
          {t(SAVING[saving])}
        </span>
        {others.length > 0 ? (
          <span className="badge busy" role="status">
            {t("also open: {names}", { names: others.join(", ") })}
          </span>
        ) : null}
        <span className="badge">
          {published ? t("version {n} runs", { n: published.number }) : t("not published")}
        </span>
      </div>
      <div className="toolbar-buttons">
        {["undo", "redo", "arrange"].map((id) => (
          <CommandButton key={id} id={id} />
        ))}
        <span className="switch" role="group" aria-label={t("View")}>
          {(["canvas", "outline"] as const).map((each) => (
            <button
              key={each}
              type="button"
              className="small"
              aria-pressed={view === each}
              onClick={() => {
                store.setState({ view: each });
              }}
            >
              {each === "canvas" ? t("Canvas") : t("Outline")}
            </button>
          ))}
        </span>
        {toggle("about", "Details")}
        {toggle("triggers", "Start")}
        {toggle("problems", "Problems", problems)}
        {toggle("versions", "Versions")}
        {toggle("runs", "Runs")}
        <CommandButton id="add" />
        <Publish />
      </div>
    </div>
  );
}

function CommandButton({ id }: { id: string }): React.JSX.Element | null {
  const store = useEditorStore();
  const command = COMMANDS.find((each) => each.id === id);
  const isEnabled = useEditor((editor) => command?.isEnabled(editor) ?? false);
  if (!command) return null;
  const icon = ICONS[id];
  return (
    <button
      type="button"
      className="small"
      aria-label={icon ? t(SHORT[id] ?? command.label) : undefined}
      disabled={!isEnabled}
      title={
        command.shortcut
          ? `${t(command.label)} (${command.shortcut.replace("Mod", "Ctrl")})`
          : t(command.label)
      }
      onClick={() => {
        command.run(store);
      }}
    >
      {icon ? (
        <svg viewBox="0 0 24 24" aria-hidden="true" className="toolbar-icon">
          <path d={icon} />
        </svg>
      ) : (
        t(SHORT[id] ?? command.label)
      )}
    </button>
  );
}

/** What everybody knows by its picture takes no room for words. */
const ICONS: Readonly<Record<string, string>> = {
  undo: "M9 5 4 10l5 5M4 10h10a5 5 0 0 1 0 10h-4",
  redo: "M15 5l5 5-5 5M20 10H10a5 5 0 0 0 0 10h4",
};
const SHORT: Readonly<Record<string, Text>> = {
  undo: "Undo",
  redo: "Redo",
  arrange: "Arrange",
  add: "+ Step",
};
