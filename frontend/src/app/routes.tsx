import type { RouteObject } from "react-router";

import { Broken } from "./Broken";
import { Shell } from "./Shell";

/** Every address of the application; each page is loaded when somebody goes there. The hub serves the same addresses
 * (hub/web/urls.py, workflows/urls.py). */
export const routes: RouteObject[] = [
  {
    element: <Shell />,
    HydrateFallback: () => null,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { path: "/", lazy: () => import("../screens/home/Home") },
          { path: "/runs", lazy: () => import("../screens/runs/RunList") },
          { path: "/runs/:id/compare/:other?", lazy: () => import("../screens/runs/ComparePage") },
          { path: "/keys/:name?", lazy: () => import("../screens/keys/KeyPage") },
          { path: "/runs/:id", lazy: () => import("../screens/runs/RunPage") },
          { path: "/plans", lazy: () => import("../screens/plans/PlanList") },
          { path: "/plans/:id", lazy: () => import("../screens/plans/PlanPage") },
          { path: "/alerts", lazy: () => import("../screens/alerts/AlertsPage") },
          { path: "/approvals", lazy: () => import("../screens/approvals/Inbox") },
          { path: "/approvals/:id", lazy: () => import("../screens/approvals/ApprovalPage") },
          { path: "/deputies", lazy: () => import("../screens/approvals/Deputies") },
          { path: "/workflows", lazy: () => import("../screens/workflows/WorkflowList") },
          { path: "/workflows/:slug", lazy: () => import("../screens/workflows/WorkflowPage") },
          { path: "/templates", lazy: () => import("../screens/templates/Gallery") },
          { path: "/templates/:name", lazy: () => import("../screens/templates/TemplatePage") },
          { path: "/templates/:name/upgrade/:slug", lazy: () => import("../screens/templates/UpgradePage") },
          { path: "/connections", lazy: () => import("../screens/connections/ConnectionList") },
          { path: "/connections/new", lazy: () => import("../screens/connections/NewConnection") },
          { path: "/connections/:id", lazy: () => import("../screens/connections/ConnectionPage") },
          { path: "/deliveries", lazy: () => import("../screens/admin/Deliveries") },
          { path: "/retention", lazy: () => import("../screens/admin/Retention") },
          { path: "/people", lazy: () => import("../screens/admin/People") },
          { path: "/audit", lazy: () => import("../screens/admin/Audit") },
          { path: "/evidence", lazy: () => import("../screens/evidence/EvidencePage") },
          { path: "/evidence/could-see", lazy: () => import("../screens/evidence/SeeingPage") },
          { path: "/findings", lazy: () => import("../screens/evidence/FindingsPage") },
          { path: "/owners", lazy: () => import("../screens/admin/Owners") },
          { path: "/delegates", lazy: () => import("../screens/admin/Delegation") },
          { path: "/private-hosts", lazy: () => import("../screens/admin/Egress") },
          { path: "/opt-outs", lazy: () => import("../screens/admin/OptOuts") },
          { path: "/workflows/:slug/design", lazy: () => import("../editor/DesignerPage") },
          // What the hub itself shows, and what nobody knows: the hub is asked for it.
          {
            path: "*",
            loader: ({ request }) => {
              window.location.assign(request.url);
              return null;
            },
            element: null,
          },
        ],
      },
    ],
  },
];
