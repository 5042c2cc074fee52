import type { Agent, AgentState } from "../../domain/agent.ts";
import type { Actor } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";

/** An issue's current status. */
export type KnownStatus = {
  readonly status: Status;
  /** When a person last set it: a user, a command, a person in the tracker. */
  readonly setByHandAt: number | null;
  /** When anything last set it. */
  readonly setAt: number | null;
};

/** What work needs to move issues; wired in the composition root. */
export type StatusPorts = {
  /** null if it is no longer mirrored. */
  readonly readStatus: (issueId: number) => Promise<KnownStatus | null>;
  /** Moves it as an actor that the history shows. */
  readonly moveStatus: (issueId: number, status: Status, actor: Actor) => Promise<void>;
  /** Whether the project lets work move its issues. */
  readonly mayMove: (projectId: string) => boolean;
};

/** An event, and its time. */
export type WorkSignal = {
  readonly issueId: number;
  readonly project: string;
  readonly actor: Actor;
  readonly at: number;
  readonly kind: "planning" | "started" | "handed_in" | "merged";
};

/** The status that a signal moves its issue to. */
export const target: Readonly<Record<WorkSignal["kind"], Status>> = {
  planning: "planning",
  started: "in_progress",
  handed_in: "in_review",
  merged: "done",
};

/** The signal for an agent's state; null if there is none. `hasCommits`: its branch has commits that its base lacks. */
export function signalOf(agent: Agent, state: AgentState, at: number, hasCommits: boolean): WorkSignal | null {
  const { issueId } = agent.issue;
  if (issueId === null) return null;
  const signal = { issueId, project: agent.project, actor: { kind: "agent", name: agent.name }, at } as const;
  if (state === "running") return { ...signal, kind: agent.plan ? "planning" : "started" };
  if (state === "finished" && hasCommits && !agent.plan) return { ...signal, kind: "handed_in" };
  return null;
}

/**
 * Moves the issue of a signal. Keeps a status that a person set since, and finished issues; a signal that changes nothing has no effect. A repeated signal,
 * which may have been lost with the process, counts unless anything moved the issue since. Returns whether it moved.
 */
export async function moveBySignal(
  ports: StatusPorts,
  signal: WorkSignal,
  { isRepeated = false }: { readonly isRepeated?: boolean } = {},
): Promise<boolean> {
  if (!ports.mayMove(signal.project)) return false;
  const known = await ports.readStatus(signal.issueId);
  if (known === null) return false;
  const status = target[signal.kind];
  if (known.status === status) return false;
  if (known.setByHandAt !== null && known.setByHandAt > signal.at) return false;
  if (isRepeated && known.setAt !== null && known.setAt >= signal.at) return false;
  const isOver = known.status === "done" || known.status === "canceled";
  if (isOver && signal.kind === "handed_in") return false;
  await ports.moveStatus(signal.issueId, status, signal.actor);
  return true;
}
