import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import type { ChangeLog } from "../../store/store.ts";
import type { SyncEngine, SyncEvent } from "../../sync/sync-engine.ts";
import type { Work } from "../../work/work.ts";
import type { WorkEvent } from "../../work/work-parts.ts";
import { type ServerEventName, type ServerEvents, usualHeartbeatMs } from "../contract/event.ts";

export type EventHubOptions = {
  readonly changes: ChangeLog;
  readonly sync: Pick<SyncEngine, "on">;
  readonly work: Pick<Work, "on">;
  readonly config: { on(listener: (config: Config) => void): () => void };
  readonly log: Logger;
  /** Events within this interval are combined. */
  readonly coalesceMs?: number;
  /** Every listener receives something at least this often, to distinguish a quiet connection from a broken one. */
  readonly heartbeatMs?: number | undefined;
};

/** Sends events to all listeners; each event is serialized once. */
export type EventHub = {
  /** Starts forwarding the events of the sync engine and the configuration. */
  start(): Promise<void>;
  /**
   * Adds a listener. It first gets a `change` or `reload` with the log's current sequence: after `since`, with what changed meanwhile; otherwise only the
   * sequence. The returned function removes it.
   */
  join(since: number | null, output: EventOutput): Promise<() => void>;
  /** Sends an event about something that only the server changes. Repeated ones with the same `key` are combined. */
  tell<Name extends ServerEventName>(key: string, name: Name, data: ServerEvents[Name]): void;
  listeners(): number;
  stop(): void;
};

/** A listener's output; neither function may throw. */
export type EventOutput = { write(chunk: Buffer): void; /** Called when no more events follow. */ end(): void };

const maxRefs = 200;
const retryMs = 1000;

type Frame = { readonly sequence: number | null; readonly chunk: Buffer };
type Listener = {
  readonly output: EventOutput;
  /** Frames from before its first event was ready; null afterwards. */
  waiting: Frame[] | null;
};

export function createEventHub(options: EventHubOptions): EventHub {
  const { changes, sync, work, config, log, coalesceMs = 50, heartbeatMs = usualHeartbeatMs } = options;
  const heartbeat = toFrame("heartbeat", { everyMs: heartbeatMs }, null).chunk;
  const listeners = new Set<Listener>();
  /** The latest event of each kind: only the last state of a connection or of a source's progress matters. */
  const queued = new Map<string, Frame>();
  let changed = false;
  let told = 0;
  let timer: NodeJS.Timeout | undefined;
  let pulse: NodeJS.Timeout | undefined;
  let lastFlush = 0;
  let flushing = false;
  let stopped = false;
  const leave: (() => void)[] = [];

  function schedule(delayMs = Math.max(0, lastFlush + coalesceMs - performance.now())): void {
    if (timer !== undefined || flushing || stopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, delayMs);
  }

  async function flush(): Promise<void> {
    flushing = true;
    let retry = false;
    const frames: Frame[] = [];
    if (changed) {
      changed = false;
      try {
        const frame = await readChanges(told);
        if (frame.sequence !== null && frame.sequence > told) {
          told = frame.sequence;
          frames.push(frame);
        }
      } catch (error) {
        log.error({ err: error }, "the change log could not be read; trying again");
        changed = true;
        retry = true;
      }
    }
    frames.push(...queued.values());
    queued.clear();
    broadcast(frames);
    flushing = false;
    lastFlush = performance.now();
    if (retry) schedule(retryMs);
    else if (changed || queued.size > 0) schedule();
  }

  /** The changes after `since`, from the log itself, so that nothing is missed whoever wrote it. */
  async function readChanges(since: number): Promise<Frame> {
    const current = await changes.sequence();
    // A log that is behind its reader is a different log.
    const news = since > current ? null : await changes.since(since);
    return news === null ? reloadFrame(current) : changeFrame(news.sequence, news.refs);
  }

  function broadcast(frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    const chunk = Buffer.concat(frames.map((frame) => frame.chunk));
    for (const listener of listeners) {
      if (listener.waiting === null) listener.output.write(chunk);
      else listener.waiting.push(...frames);
    }
  }

  function onSync(event: SyncEvent): void {
    switch (event.type) {
      case "change":
        if (listeners.size > 0) changed = true;
        // Without listeners nothing has to be sent: new ones start at the log's current position.
        else told = Math.max(told, event.sequence);
        break;
      case "tracker":
        queue(`tracker ${event.connection}`, "tracker", { connection: event.connection, health: event.health });
        break;
      case "progress": {
        const { connection, source, done, total, finished } = event;
        queue(`progress ${source}`, "progress", { connection, source, done, total, finished });
        break;
      }
    }
    schedule();
  }

  function onWork(event: WorkEvent): void {
    const id = String(event.id);
    if (event.type === "agent") queue(`agent ${id}`, "agent", { id, ref: event.ref, state: event.state });
    else queue(`workspace ${id}`, "workspace", { id, ref: event.ref, state: event.state, step: event.step });
    schedule();
  }

  function queue<Name extends ServerEventName>(key: string, name: Name, data: ServerEvents[Name]): void {
    // Removed first, so that the queue is in the order of the latest events.
    queued.delete(key);
    queued.set(key, toFrame(name, data, null));
  }

  return {
    async start() {
      told = await changes.sequence();
      leave.push(
        sync.on(onSync),
        work.on(onWork),
        config.on((current) => {
          queue("config", "config", { problems: current.problems.length });
          schedule();
        }),
      );
      pulse = setInterval(() => {
        for (const listener of listeners) if (listener.waiting === null) listener.output.write(heartbeat);
      }, heartbeatMs);
      pulse.unref();
    },
    async join(since, output) {
      const waiting: Frame[] = [];
      const listener: Listener = { output, waiting };
      listeners.add(listener);
      try {
        const first = since === null ? changeFrame(await changes.sequence(), []) : await readChanges(since);
        const later = waiting.filter((frame) => frame.sequence === null || frame.sequence > (first.sequence ?? 0));
        listener.waiting = null;
        output.write(Buffer.concat([first, ...later].map((frame) => frame.chunk)));
      } catch (error) {
        listeners.delete(listener);
        throw error;
      }
      return () => listeners.delete(listener);
    },
    tell(key, name, data) {
      queue(key, name, data);
      schedule();
    },
    listeners: () => listeners.size,
    stop() {
      stopped = true;
      for (const end of leave) end();
      clearTimeout(timer);
      clearInterval(pulse);
      for (const listener of listeners) listener.output.end();
      listeners.clear();
    },
  };
}

function changeFrame(sequence: number, refs: readonly string[]): Frame {
  return toFrame("change", { sequence, refs: refs.slice(0, maxRefs), more: refs.length > maxRefs }, sequence);
}

function reloadFrame(sequence: number): Frame {
  return toFrame("reload", { sequence }, sequence);
}

function toFrame<Name extends ServerEventName>(name: Name, data: ServerEvents[Name], sequence: number | null): Frame {
  const id = sequence === null ? "" : `id: ${sequence}\n`;
  return { sequence, chunk: Buffer.from(`${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`) };
}
