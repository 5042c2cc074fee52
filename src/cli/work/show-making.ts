import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { plainText } from "../../domain/plain-text.ts";
import type { Working } from "./working.ts";

/** In milliseconds; a start faster than this prints nothing. */
const patienceMs = 1_000;
const pollMs = 250;

type Reading = Pick<Working, "agents" | "workspace" | "workspaceLog">;

/** Waits for an agent to start; while its workspace is being created, prints the output of the steps to standard error. */
export async function showMaking<T>(
  { out, clock }: Context,
  working: Reading,
  ref: string,
  starting: Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const since = clock.now();
  const showing = show().catch(() => undefined);
  try {
    return await starting;
  } finally {
    over.abort();
    await showing;
  }

  async function show(): Promise<void> {
    await sleep(patienceMs, undefined, { signal: over.signal });
    const wanted = ref.trim().toLowerCase();
    const { agents } = await working.agents();
    const id = agents.find((agent) => agent.state === "starting" && agent.ref.toLowerCase() === wanted)?.workspace;
    if (id == null) return;
    // Skip the output of an earlier creation.
    const isNew = Date.parse((await working.workspace(id)).createdAt) >= since;
    let shown = isNew ? 0 : (await working.workspaceLog(id, 0)).end;
    for (;;) {
      const { text, end } = await working.workspaceLog(id, shown);
      if (text.trimEnd() !== "") out.note(plainText(text).trimEnd());
      shown = end;
      if ((await working.workspace(id)).state !== "creating") return;
      await sleep(pollMs, undefined, { signal: over.signal });
    }
  }
}
