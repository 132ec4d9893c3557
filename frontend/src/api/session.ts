/** Who is signed in, where they work, and what they may do: the page brings it along. */

import { createContext, useContext } from "react";

import { Hub } from "./hub";

export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

export interface Me {
  readonly person: { readonly id: string; readonly username: string; readonly name: string };
  readonly workspace: Workspace;
  readonly roles: readonly string[];
  readonly verbs: readonly string[];
  readonly workspaces: readonly Workspace[];
}

export interface Session {
  readonly me: Me;
  readonly hub: Hub;
  readonly csrf: string;
  readonly may: (verb: string) => boolean;
}

export function sessionOf(page: Document): Session {
  const me = JSON.parse(page.getElementById("me")?.textContent ?? "null") as Me;
  const csrf = page.getElementById("app")?.dataset["csrf"] ?? "";
  const verbs = new Set(me.verbs);
  return { me, csrf, hub: new Hub(csrf, me.workspace.slug), may: (verb) => verbs.has(verb) };
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session around this part of the page.");
  return session;
}

export function useMay(verb: string): boolean {
  return useSession().may(verb);
}
