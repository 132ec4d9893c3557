import { useAnswer } from "../api/asking";
import { useMay } from "../api/session";
import type { Page } from "../api/shapes";

const MOST = 20;

/** How much waits for the person behind an entry of the menu. */
export function useWaiting(): Readonly<Record<string, string>> {
  const mayDecide = useMay("approval.decide");
  const mayApprove = useMay("plan.approve");
  const asked = useAnswer<Page<unknown>>(`approvals?mine=true&limit=${String(MOST)}`, {
    isWanted: mayDecide,
  });
  const plans = useAnswer<Page<unknown>>(`plans?state=proposed&limit=${String(MOST)}`, {
    isWanted: mayApprove,
  });
  return { "/approvals": counted(asked.data), "/plans": counted(plans.data) };
}

function counted(page: Page<unknown> | undefined): string {
  if (!page || page.items.length === 0) return "";
  return page.next_cursor ? `${String(MOST)}+` : String(page.items.length);
}
