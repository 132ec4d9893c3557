import { useAnswer } from "../api/asking";
import { useMay } from "../api/session";

const MOST = 50;
const WHERE: Readonly<Record<string, string>> = { approval: "/approvals", plan: "/plans" };

/** How much waits for the person behind an entry of the menu. */
export function useWaiting(): Readonly<Record<string, string>> {
  const isWanted = useMay("approval.view");
  const { data } = useAnswer<{ items: readonly { kind: string }[] }>(`inbox?limit=${String(MOST)}`, {
    isWanted,
  });
  const counted = new Map<string, number>();
  for (const { kind } of data?.items ?? []) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  return Object.fromEntries(
    [...counted].map(([kind, count]) => [
      WHERE[kind] ?? "",
      count < MOST ? String(count) : `${String(MOST)}+`,
    ]),
  );
}
