import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "dotenv";
import { eventually, isSynced } from "../test/support/stage.ts";
import type { OutboxShape } from "../src/server/contract/change.ts";
import type { IssueListShape, IssueShape } from "../src/server/contract/issue.ts";
import type { TrackersShape } from "../src/server/contract/tracker.ts";

/** The running demo: board, files and emulated trackers. */
export type Demo = {
  readonly url: string;
  readonly token: string;
  /** The folder with the credentials. */
  readonly home: string;
};

/** The issues featured in the scene. */
export type Scene = { readonly conflict: IssueShape; readonly refused: IssueShape; readonly waiting: IssueShape };

const serverKeys = { github: "GITHUB_API_URL", gitlab: "GITLAB_URL", rally: "RALLY_SERVER" } as const;

/**
 * Several problems at once: an issue changed on both sides, a change its tracker refuses, one that waits for a rate limit, an invalid token, and a read-only
 * one. Lasts until the demo ends.
 */
export async function makeScene(demo: Demo): Promise<Scene> {
  const keys = parse(await readFile(join(demo.home, ".panopticon.env"), "utf8"));
  const control = async (tracker: keyof typeof serverKeys, method: string, path: string, body?: unknown) => {
    const { origin } = new URL(keys[serverKeys[tracker]] ?? "");
    const response = await fetch(`${origin}/_emulator${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${demo.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${demo.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  /** A tracker's issue in progress at an index, in the board's order. */
  const issueOf = async (tracker: string, index = 0): Promise<IssueShape> => {
    const path = `/api/issues?tracker=${tracker}&status=in_progress&sort=priority&limit=${index + 1}`;
    const { issues } = await ask<IssueListShape>("GET", path);
    const issue = issues[index];
    if (issue === undefined) throw new Error(`${tracker} has too few issues in progress`);
    return issue;
  };
  const edit = (issue: IssueShape, patch: unknown) =>
    ask("PATCH", `/api/issues/${encodeURIComponent(issue.address)}`, patch);

  // The order of issues in progress is final once everything is synced.
  await eventually(async () => {
    return isSynced(await ask<TrackersShape>("GET", "/api/trackers")) ? true : undefined;
  }, "the end of the first sync");

  const conflict = await issueOf("github");
  await control("github", "PATCH", `/issues/${encodeURIComponent(conflict.nativeId)}`, {
    title: `${conflict.title}, again`,
  });
  await edit(conflict, { title: `${conflict.title} on the second try`, priority: 1 });

  const refused = await issueOf("github", 1);
  await control("github", "DELETE", `/issues/${encodeURIComponent(refused.nativeId)}`);
  await edit(refused, { title: `${refused.title} today` });
  await eventually(async () => {
    const { operations } = await ask<OutboxShape>("GET", "/api/outbox");
    const states = new Set(operations.map(({ state }) => state));
    return states.has("conflict") && states.has("refused") ? true : undefined;
  }, "a conflict and a refusal");

  await control("gitlab", "POST", "/faults", { kind: "rate-limit", times: null, value: 1500 });
  const waiting = await issueOf("gitlab");
  await edit(waiting, { status: "in_review" });
  await control("rally", "POST", "/faults", { kind: "revoked", times: null });
  const weak = keys["LINEAR_API_KEY"]?.replace(/full$/, "weak") ?? "";
  await ask("PATCH", "/api/trackers/linear/credentials", { apiKey: weak });
  for (const tracker of ["gitlab", "rally", "linear"]) {
    await ask("POST", `/api/trackers/${tracker}/sync`).catch(() => undefined);
  }
  return { conflict, refused, waiting };
}
