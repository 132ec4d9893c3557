/** A small picture of what kind of step it is. Kinds that have none get a plain square. */
const PATHS: Readonly<Record<string, string>> = {
  action: "M13 2L4 14h7l-1 8 9-12h-7z",
  condition: "M12 2l10 10-10 10L2 12z",
  switch: "M4 4h4v4h8v4h4v8h-8v-4H8V8H4z",
  transform: "M7 4C4 4 6 11 3 12c3 1 1 8 4 8M17 4c3 0 1 7 4 8-3 1-1 8-4 8",
  filter: "M3 4h18l-7 9v7l-4-2v-5z",
  merge: "M5 3v6l7 5 7-5V3M12 14v7",
  wait: "M12 3a9 9 0 100 18 9 9 0 000-18zm0 4v5l4 2",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8z",
  each: "M4 7h13l-3-3M20 17H7l3 3",
  workflow: "M4 4h6v6H4zM14 14h6v6h-6zM10 7h4a3 3 0 013 3v4",
  plan: "M6 3h9l4 4v14H6zM9 12h7M9 16h7",
  apply: "M4 12l5 5L20 6",
};

export function KindIcon({ kind }: { kind: string }): React.JSX.Element {
  return (
    <svg className={`kind-icon kind-${kind}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[kind] ?? "M4 4h16v16H4z"} />
    </svg>
  );
}
