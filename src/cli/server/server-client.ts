import { errorCodes, PanopticonError, type ErrorCode } from "../../domain/error.ts";
import type { ProblemShape } from "../../server/contract/problem.ts";
import { callLocally, type LocalAnswer } from "./local-call.ts";
import { findServerFile, type RunningServer } from "./running-server.ts";

/** Calls a running server with its session token. Throws PanopticonErrors made from the server's problem details. */
export type ServerClient = {
  readonly server: RunningServer;
  get(path: string, query?: URLSearchParams): Promise<unknown>;
  send(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown>;
};

export type Health = { readonly version: string; readonly uptime: number };

const healthTimeoutMs = 3000;

/** As long as the most impatient tracker waits. */
const deliveryTimeoutMs = 5000;

/** The server of this data directory; null if none responds. `client`: who makes changes, for history and undo. */
export async function findServer(serverFile: string, client?: string): Promise<ServerClient | null> {
  const server = findServerFile(serverFile);
  if (server === null) return null;
  // Send the token only to the server's own process, or where a Panopticon responded.
  const isThere = server.isCertain || (await fetchHealth(server.url)) !== null;
  return isThere ? createServerClient(server, client) : null;
}

/** The health of a Panopticon at this address; null if there is none. Needs no session. */
export async function fetchHealth(url: string): Promise<Health | null> {
  try {
    const { text } = await callLocally(`${url}/api/health`, { timeoutMs: healthTimeoutMs });
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || !("status" in body) || body.status !== "ok") return null;
    if (!("version" in body) || typeof body.version !== "string") return null;
    return { version: body.version, uptime: "uptime" in body ? Number(body.uptime) : 0 };
  } catch (error) {
    // Refused, too slow, or another protocol: no Panopticon here.
    if (error instanceof SyntaxError || isNoAnswer(error)) return null;
    throw error;
  }
}

/** Whether an error is a connection error, to which Node gives a code. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof Error && ("code" in error || error.name === "AbortError" || error.name === "TimeoutError");
}

/** Sends a webhook delivery as a tracker would: to the public address, without the session. Status 0: no response; `text` says why. */
export async function sendDelivery(
  address: string,
  delivery: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...delivery.headers },
      body: delivery.body,
      redirect: "manual",
      signal: AbortSignal.timeout(deliveryTimeoutMs),
    });
    return { status: response.status, text: (await response.text()).slice(0, 1000) };
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    const { cause } = error;
    return { status: 0, text: cause instanceof Error ? cause.message : error.message };
  }
}

/** A call may take as long as the trackers do; after this much silence, check whether the server is alive at all. */
const silenceMs = 5000;

/** Resolves as `answer` does. Throws if the server does not even respond to a health check. */
async function unlessSilent<T>(answer: Promise<T>, url: string): Promise<T> {
  const { promise: silent, reject } = Promise.withResolvers<never>();
  const look = async () => {
    if ((await fetchHealth(url)) === null) reject(new Error("Its health check does not respond either."));
  };
  const timer = setTimeout(() => void look().catch(reject), silenceMs);
  try {
    return await Promise.race([answer, silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** Creates the client for a server whose token is known. */
function createServerClient(server: RunningServer, client?: string): ServerClient {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    let answer: LocalAnswer;
    try {
      const sent = callLocally(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${server.token}`,
          // The server accepts no other names (server/access/caller.ts), and headers cannot contain others.
          ...(client !== undefined && /^[\x20-\x7E]+$/.test(client) && { "x-panopticon-client": client }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      answer = await unlessSilent(sent, server.url);
    } catch (error) {
      throw new PanopticonError("unreachable", `The server at ${server.url} is not responding.`, {
        hint: "Check whether it is still running with pan status; start it again with pan up.",
        cause: error,
      });
    }
    const { status, text } = answer;
    if (status >= 200 && status < 300) return text === "" ? undefined : (JSON.parse(text) as unknown);
    throw toError(text, status);
  }

  return {
    server,
    get: (path, query) => call("GET", query === undefined || query.size === 0 ? path : `${path}?${query}`),
    send: (method, path, body) => call(method, path, body),
  };
}

function toError(text: string, status: number): PanopticonError {
  const problem = parseProblem(text);
  if (problem === null) {
    return new PanopticonError("invalid_response", `The server responded with ${status} and gave no reason.`, {
      hint: "Its version may differ from this command's. Run pan down, then pan up.",
    });
  }
  return new PanopticonError(problem.code, problem.detail, {
    hint: problem.hint,
    candidates: problem.candidates,
    choices: problem.choices?.map(({ state, ...choice }) => ({ ...choice, stateId: "", stateName: state })),
    field: problem.field,
    tracker: problem.tracker,
    retryAt: problem.retryAt === undefined ? undefined : Date.parse(problem.retryAt),
  });
}

type Problem = Pick<ProblemShape, "detail" | "hint" | "candidates" | "choices" | "field" | "tracker" | "retryAt"> & {
  code: ErrorCode;
};

function parseProblem(text: string): Problem | null {
  try {
    const value = JSON.parse(text) as Partial<ProblemShape> | null;
    const code = errorCodes.find((candidate) => candidate === value?.code);
    if (!value || code === undefined || typeof value.detail !== "string") return null;
    const { detail, hint, candidates, choices, field, tracker, retryAt } = value;
    return { code, detail, hint, candidates, choices, field, tracker, retryAt };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
