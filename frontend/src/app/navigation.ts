/** What the menu offers. Entries that the roles do not allow are left out. */

import type { Text } from "../text";

export interface Entry {
  readonly title: Text;
  readonly to: string;
  readonly verb: string;
  readonly icon: string;
}

export const ENTRIES: readonly (readonly Entry[])[] = [
  [
    { title: "Home", to: "/", verb: "workspace.view", icon: "home" },
    { title: "Approvals", to: "/approvals", verb: "approval.view", icon: "approvals" },
    { title: "Plans", to: "/plans", verb: "plan.view", icon: "plans" },
    { title: "Runs", to: "/runs", verb: "run.view", icon: "runs" },
    { title: "Alerts", to: "/alerts", verb: "workflow.view", icon: "alerts" },
  ],
  [
    { title: "Workflows", to: "/workflows", verb: "workflow.view", icon: "workflows" },
    { title: "Templates", to: "/templates", verb: "template.view", icon: "templates" },
    { title: "Connections", to: "/connections", verb: "connection.view", icon: "connections" },
  ],
  [
    { title: "Deliveries", to: "/deliveries", verb: "notice.view", icon: "deliveries" },
    { title: "Retention", to: "/retention", verb: "retention.view", icon: "retention" },
    { title: "People", to: "/people", verb: "member.view", icon: "people" },
    { title: "Owners", to: "/owners", verb: "owner.view", icon: "owners" },
    { title: "Evidence", to: "/evidence", verb: "evidence.view", icon: "evidence" },
    { title: "Audit", to: "/audit", verb: "audit.view", icon: "audit" },
  ],
];
