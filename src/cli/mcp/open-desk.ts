import { isPanopticonError } from "../../domain/error.ts";
import type { Actor } from "../../domain/operation.ts";
import type { AgentReach } from "../../domain/work-settings.ts";
import type { Changed, IssueDesk } from "../../mcp/issue-desk.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import { createTurns } from "../../work/in-turn.ts";
import type { Changing } from "../changing/changing.ts";
import { openChanging } from "../changing/open-changing.ts";
import { watchEntries } from "../changing/report-change.ts";
import type { Context } from "../context.ts";
import { describeAgo } from "../printing/describe-time.ts";
import { openReading } from "../reading/open-reading.ts";
import type { Reading } from "../reading/reading.ts";
import { findOwnIssue } from "./own-issue.ts";

/** Without a server, each change takes the data directory's lock briefly; how long to wait for another process to release it. */
const lockPatienceMs = 15_000;
const lockPollMs = 150;

export type DeskOptions = {
  /** The calling agent; null: not started by Panopticon. */
  readonly agentId: number | null;
  readonly actor: () => Actor;
  readonly reach: () => Promise<AgentReach>;
};

/**
 * Accesses issues through the running server, otherwise through the mirror. Holds nothing between calls, so the server may start or stop meanwhile and the lock
 * stays free.
 */
export function openDesk(context: Context, { agentId, actor, reach }: DeskOptions): IssueDesk {
  const inTurn = createTurns();

  async function reading<T>(work: (reading: Reading) => Promise<T>): Promise<T> {
    const opened = await openReading(context, { sync: false });
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  }

  async function open(): Promise<Changing> {
    const end = context.clock.now() + lockPatienceMs;
    for (;;) {
      try {
        return await openChanging(context, actor());
      } catch (error) {
        if (!isPanopticonError(error) || error.code !== "busy" || context.clock.now() > end) throw error;
        await context.clock.sleep(lockPollMs);
      }
    }
  }

  /** One change at a time, because without a server each takes the lock. */
  const changing = <T>(address: (result: T) => string, work: (changing: Changing) => Promise<T>): Promise<Changed<T>> =>
    inTurn("change", async () => {
      const opened = await open();
      try {
        const entries = await watchEntries(opened);
        const result = await work(opened);
        const ids = await entries(address(result));
        if (ids.length > 0) await opened.deliver(ids);
        const { operations } = await opened.outbox();
        return { result, delivery: operations.filter(({ id }) => ids.includes(id)) };
      } finally {
        await opened.close();
      }
    });

  const find = async (opened: Reading, ref: string): Promise<IssueDetailShape> =>
    (await opened.issue(ref, { comments: false })).issue;

  return {
    reach,
    own: () =>
      agentId === null
        ? Promise.resolve(null)
        : reading(async (opened) => findOwnIssue(opened, await opened.agent(agentId))),
    search: (written, { limit, cursor }) => reading((opened) => opened.issues({ written, limit, cursor })),
    find: (ref) => reading((opened) => find(opened, ref)),
    read: (ref) =>
      reading(async (opened) => {
        const { issue, commentsProblem } = await opened.issue(ref);
        return { issue, note: commentsProblem?.detail ?? describeAge(opened, context) };
      }),
    edit: (address, patch) =>
      changing(
        () => address,
        (opened) => opened.edit(address, patch),
      ),
    comment: (address, body, replyTo) =>
      changing(
        () => address,
        (opened) => opened.comment(address, body, replyTo),
      ),
    create: (draft) =>
      changing(
        ({ address }) => address,
        (opened) => opened.create(draft),
      ),
    relate: (address, type, other) =>
      changing(
        () => address,
        (opened) => opened.link(address, type, other),
      ),
  };
}

function describeAge({ mirrorAge }: Reading, { clock }: Context): string | null {
  if (mirrorAge === null) return null;
  const when = typeof mirrorAge.at === "number" ? `synced ${describeAgo(mirrorAge.at, clock.now())}` : "incomplete";
  return `no server is running; this is from the mirror, ${when}.`;
}
