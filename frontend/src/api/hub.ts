/** Talking to the hub. A session is carried by its cookie; whatever changes something sends the CSRF token. */

import { told } from "../text";
import type { Parts } from "../text";

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly detail_parts?: Parts;
  readonly [extra: string]: unknown;
}

/** The hub said no. `problem` is what it said (RFC 9457). */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(told(problem.detail || problem.title, problem.detail_parts));
  }
}

/** The hub did not answer. */
export class Unreachable extends Error {
  constructor() {
    super("The hub does not answer. Your changes are kept here, and saved when it is back.");
  }
}

/** What the hub did with the last request: whether it answered, and whether it still knows who asks. */
export type Reach = "answers" | "away" | "signed-out";

export class Hub {
  private tell: (reach: Reach) => void = () => undefined;

  constructor(
    private readonly csrf: string,
    private readonly workspace: string = "",
    private readonly fetch: typeof window.fetch = window.fetch.bind(window),
  ) {}

  /** Told whenever the hub was asked something. The returned function ends it. */
  onReach(tell: (reach: Reach) => void): () => void {
    this.tell = tell;
    return () => {
      this.tell = () => undefined;
    };
  }

  async get<Answer>(address: string): Promise<Answer> {
    return (await this.send("GET", address)).json() as Promise<Answer>;
  }

  /** The answer when it differs from the one with that tag, else null. */
  async getIfChanged<Answer>(address: string, tag: string): Promise<{ answer: Answer; tag: string } | null> {
    const reply = await this.send("GET", address, undefined, tag ? { "If-None-Match": tag } : {});
    if (reply.status === 304) return null;
    return { answer: (await reply.json()) as Answer, tag: reply.headers.get("ETag") ?? "" };
  }

  async post<Answer>(address: string, body: unknown): Promise<Answer> {
    return (await this.send("POST", address, body)).json() as Promise<Answer>;
  }

  async put<Answer>(address: string, body: unknown): Promise<Answer> {
    return (await this.send("PUT", address, body)).json() as Promise<Answer>;
  }

  async patch<Answer>(address: string, body: unknown): Promise<Answer> {
    return (await this.send("PATCH", address, body)).json() as Promise<Answer>;
  }

  async delete(address: string): Promise<void> {
    await this.send("DELETE", address);
  }

  private async send(
    method: string,
    address: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json", ...more };
    if (method !== "GET") headers["X-CSRFToken"] = this.csrf;
    if (this.workspace) headers["X-Lockgate-Workspace"] = this.workspace;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) init.body = JSON.stringify(body);
    let reply: Response;
    try {
      reply = await this.fetch(`/api/v1/${address}`, init);
    } catch {
      this.tell("away");
      throw new Unreachable();
    }
    this.tell(reply.status === 401 ? "signed-out" : "answers");
    if (reply.ok || reply.status === 304) return reply;
    throw new Refused(await problemOf(reply));
  }
}

async function problemOf(reply: Response): Promise<Problem> {
  try {
    return { ...((await reply.json()) as Problem), status: reply.status };
  } catch {
    return {
      status: reply.status,
      code: "unexpected",
      title: `The hub answered ${String(reply.status)}.`,
      detail: "Try again; if it stays so, look at the hub's log.",
    };
  }
}
