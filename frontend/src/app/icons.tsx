/** Line drawings for the navigation. They repeat the words beside them. */

const PATHS: Readonly<Record<string, string>> = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z",
  workflows: "M4 5h6v5H4zM14 14h6v5h-6zM7 10v4a2 2 0 0 0 2 2h5",
  templates: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM16.5 13v7M13 16.5h7",
  runs: "M12 4a8 8 0 1 1-8 8M12 8v4l3 2M4 4v4h4",
  plans: "M6 4h12v16H6zM9 9l1.5 1.5L13 8M9 15h6",
  approvals: "M4 12l5 5L20 6",
  alerts: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4M12 3v2",
  deliveries: "M4 6h16v12H4zM4 7l8 6 8-6",
  connections: "M9 8V4M15 8V4M7 8h10v4a5 5 0 0 1-10 0zM12 17v3",
  retention: "M5 6h14v4H5zM7 10v9h10v-9M12 12v4M10 14.5l2 2 2-2",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 20a6 6 0 0 1 12 0M16 5.5a3 3 0 0 1 0 5.5M17 14.5a6 6 0 0 1 4 5.5",
  audit: "M7 4h10l3 4v12H4V8zM8 12h8M8 16h5",
  owners: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0M17 4l1.5 1.5L21 3",
  evidence: "M12 3l7 3v6c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM9 12l2 2 4-4",
  rules: "M4 5h16v14H4zM4 10h16M10 5v14",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M6 12h.01M12 12h.01M18 12h.01",
};

export function Icon({ name }: { name: string }): React.JSX.Element {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name] ?? ""} />
    </svg>
  );
}

export function Mark(): React.JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="icon">
      <path d="M4 4v16M20 4v16M4 8l8 4 8-4M4 16l8-4 8 4" />
    </svg>
  );
}
