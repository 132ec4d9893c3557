/** Asking the hub from a part of the page: what was answered is kept, shared, and asked anew when something moved. */

import { QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { UseMutationResult, UseQueryResult } from "@tanstack/react-query";

import { Refused } from "./hub";
import { useSession } from "./session";
import type { Page } from "./shapes";

export function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // What the hub refused it refuses again; what did not reach it is tried until it does.
        retry: (count, trouble) => !(trouble instanceof Refused) && count < 3,
        retryDelay: (count) => Math.min(1_000 * 2 ** count, 15_000),
      },
    },
  });
}

interface Options<Answer> {
  readonly isWanted?: boolean;
  /** Ask again after so long; a function says so from what was answered. */
  readonly everyMs?: number | false | ((answer: Answer | undefined) => number | false);
}

/** What the hub answers at an address. The address is the key, so that equal questions are asked once. */
export function useAnswer<Answer>(address: string, options: Options<Answer> = {}): UseQueryResult<Answer> {
  const { hub } = useSession();
  const every = options.everyMs;
  return useQuery<Answer>({
    queryKey: keyOf(address),
    queryFn: () => hub.get<Answer>(address),
    enabled: options.isWanted ?? true,
    refetchInterval: typeof every === "function" ? (query) => every(query.state.data) : (every ?? false),
  });
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly trouble: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly more: () => void;
}

/** A list that comes in pages. */
export function useList<Item>(address: string, options: { isWanted?: boolean } = {}): Listed<Item> {
  const { hub } = useSession();
  const found = useInfiniteQuery({
    queryKey: [...keyOf(address), "pages"],
    queryFn: ({ pageParam }) =>
      hub.get<Page<Item>>(
        pageParam ? `${address}${address.includes("?") ? "&" : "?"}cursor=${pageParam}` : address,
      ),
    initialPageParam: "",
    getNextPageParam: (last: Page<Item>) => last.next_cursor ?? undefined,
    enabled: options.isWanted ?? true,
  });
  return {
    items: found.data?.pages.flatMap((page) => page.items) ?? [],
    isLoading: found.isLoading,
    trouble: found.error,
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    more: () => void found.fetchNextPage(),
  };
}

/** Something that changes the hub. Afterwards everything below these addresses is asked anew, and what waits. */
export function useDoing<Given = undefined, Answer = unknown>(
  act: (given: Given) => Promise<Answer>,
  touches: readonly string[],
): UseMutationResult<Answer, Error, Given> {
  const client = useQueryClient();
  return useMutation<Answer, Error, Given>({
    mutationFn: act,
    onSettled: () =>
      Promise.all([...touches, "inbox"].map((each) => client.invalidateQueries({ queryKey: keyOf(each) }))),
  });
}

/** "runs/1?x=2" as ["runs", "1", "x=2"]: whatever is below an address is reached by its beginning. */
export function keyOf(address: string): string[] {
  const [path = "", query = ""] = address.split("?");
  return [...path.split("/"), ...(query ? [query] : [])];
}

/** An address with the parameters that have a value. */
export function withQuery(address: string, parameters: Readonly<Record<string, string | number>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${address}?${query}` : address;
}
