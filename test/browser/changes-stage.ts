import assert from "node:assert/strict";
import type { Request } from "playwright-core";
import type { Emulator, WorldIssue } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { eventually, oneProject } from "../support/stage.ts";
import { type LiveStage, openLiveStage } from "./live-stage.ts";

export type ChangesStage = LiveStage & {
  readonly github: Emulator;
  readonly linear: Emulator;
  /** A tracker's first issue in a status. */
  issueIn(tracker: string, status: string): Promise<IssueDetailShape>;
  read(address: string): Promise<IssueDetailShape>;
  /** Waits until the server has the status; the page may show it earlier. */
  untilTaken(address: string, status: string): Promise<true>;
  /** Waits until no change is in flight to the server or a tracker, except those that need the user. */
  untilSettled(): Promise<true>;
};

/** A browser and a server that mirrors a GitHub and a Linear emulator. */
export async function openChangesStage(): Promise<ChangesStage> {
  const github = await startEmulator("github", { issues: 24, seed: 5, sources: 1 });
  const linear = await startEmulator("linear", { issues: 24, seed: 5, sources: 1 });
  const stage = await openLiveStage({
    emulators: [github, linear],
    projects: oneProject(github, linear),
    browser: { moving: true },
  });
  const { server, browser } = stage;
  /** Change requests of the pages that have no response yet. */
  const writing = new Set<Request>();
  browser.context.on("request", (request) => {
    if (request.method() !== "GET") writing.add(request);
  });
  const onEnd = (request: Request) => void writing.delete(request);
  browser.context.on("requestfinished", onEnd);
  browser.context.on("requestfailed", onEnd);
  const read = (address: string) => server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(address)}`);
  return {
    ...stage,
    github,
    linear,
    async issueIn(tracker, status) {
      const { issues } = await server.get<IssueListShape>(`/api/issues?tracker=${tracker}&status=${status}&limit=1`);
      const [issue] = issues;
      assert.ok(issue, `${tracker} has nothing in ${status}`);
      return read(issue.address);
    },
    read,
    untilTaken: (address, status) =>
      eventually(async () => ((await read(address)).status === status ? true : undefined), `${address} is ${status}`),
    untilSettled: () =>
      eventually(async () => {
        // A closed page reports no end of its requests.
        if ([...writing].some((request) => !request.frame().page().isClosed())) return undefined;
        const { operations } = await server.get<OutboxShape>("/api/outbox");
        return operations.every(({ state }) => state === "refused" || state === "conflict") ? true : undefined;
      }, "the outbox is settled"),
  };
}

/** The issue as its tracker has it. */
export function inWorld(emulator: Emulator, { nativeId }: IssueDetailShape): WorldIssue {
  const found = emulator.world.issues().find((issue) => issue.nativeId === nativeId);
  assert.ok(found, nativeId);
  return found;
}
