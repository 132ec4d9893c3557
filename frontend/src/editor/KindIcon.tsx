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
  approve: "M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM9 12l2 2 4-4",
  notify: "M4 6h16v12H4zM4 7l8 6 8-6",
  rules: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  record: "M5 6c0-4 14-4 14 0v12c0 4-14 4-14 0zM5 6c0 4 14 4 14 0M5 12c0 4 14 4 14 0",
  read: "M4 5c3-1 6-1 8 1 2-2 5-2 8-1v14c-3-1-6-1-8 1-2-2-5-2-8-1zM12 6v14",
  check: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L21 21",
  pack: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  receive: "M12 3v10M8 9l4 4 4-4M4 15v5h16v-5",
  respond: "M10 5l-6 6 6 6M4 11h9c4 0 7 3 7 8",
  sort: "M7 4v16M4 17l3 3 3-3M13 6h8M13 11h6M13 16h4",
  distinct: "M4 4h11v11H4zM9 19h11V8",
  group: "M4 5h7v6H4zM13 13h7v6h-7zM13 5h7v6h-7z",
  repeat: "M5 12a7 7 0 0112-5l2 2M19 4v5h-5M19 12a7 7 0 01-12 5l-2-2M5 20v-5h5",
};

/** The sign of a kind, drawn on 24 x 24. */
export function kindPath(kind: string): string {
  return PATHS[kind] ?? "M4 4h16v16H4z";
}

export function KindIcon({ kind }: { kind: string }): React.JSX.Element {
  return (
    <svg className={`kind-icon kind-${kind}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={kindPath(kind)} />
    </svg>
  );
}
