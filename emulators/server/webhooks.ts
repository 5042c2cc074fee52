import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { SentDelivery, Webhooks, World, WorldIssue } from "../emulator.ts";
import type { Hook, HookRegistry } from "./hook-registry.ts";

/** A change of an issue, as webhooks report it. */
export type Happening = {
  readonly kind: "created" | "edited" | "commented" | "removed";
  /** Before and after; at least one is set. */
  readonly before: WorldIssue | null;
  readonly after: WorldIssue | null;
  /** Native id of its source. */
  readonly sourceId: string;
};

export type Message = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** How a tracker words and signs its deliveries. */
export type WebhookDialect = {
  /** How often a failed delivery is retried automatically. */
  readonly retries: number;
  /** A retry has a new timestamp; default: it is identical to the byte. */
  readonly restamps?: true;
  /** The timeout of a response, in milliseconds. */
  readonly patienceMs: number;
  /** null: the tracker does not report this, or the hook does not subscribe to it. `id` stays the same for retries. */
  toMessage(happening: Happening, hook: Hook, sending: { readonly id: string; readonly at: number }): Message | null;
  /** The delivery for a new or tested hook; null: none. */
  toPing(hook: Hook, sending: { readonly id: string; readonly at: number }): Message | null;
};

type Parts = {
  readonly world: World;
  readonly registry: HookRegistry;
  readonly dialect: WebhookDialect;
  readonly sourceIdOf: (sourceKey: string) => string;
  readonly now: () => number;
};

type Pending = {
  readonly hook: Hook;
  readonly id: string;
  readonly make: (at: number) => Message | null;
};

/** Sends webhooks by comparing the world before and after every possible change. Compares nothing while there is no hook. */
export function createWebhooks(parts: Parts): Webhooks & {
  /** Call when something may have changed; `commented`: an issue that got a comment. */
  look(commented?: string): void;
} {
  const { world, registry, dialect, now } = parts;
  const sent: SentDelivery[] = [];
  const makers = new Map<string, Pending>();
  let known: Map<string, WorldIssue> | null = null;
  let held: Pending[] | null = null;
  let tail: Promise<void> = Promise.resolve();
  let count = 0;

  const snapshot = () => new Map(world.issues().map((issue) => [issue.nativeId, issue]));

  function enqueue(
    hook: Hook,
    toMessage: (sending: { readonly id: string; readonly at: number }) => Message | null,
  ): void {
    count += 1;
    // The id in the tracker's header, the same for every retry.
    const id = `emulator-${hook.id}-${count}`;
    let first: Message | null | undefined;
    const make = (at: number) => {
      if (dialect.restamps === true) return toMessage({ id, at });
      first ??= toMessage({ id, at });
      return first;
    };
    const pending: Pending = { hook, id, make };
    makers.set(id, pending);
    if (held === null) send(pending);
    else held.push(pending);
  }

  function send(pending: Pending): void {
    tail = tail.then(() => deliver(pending));
  }

  async function deliver({ hook, id, make }: Pending): Promise<void> {
    if (!hook.active || registry.find(hook.id) === undefined) return;
    const message = make(now());
    if (message === null) return;
    const status = await post(hook.url, message, dialect.patienceMs);
    const before = sent.find((one) => one.id === id);
    if (before === undefined) sent.push({ id, hook: hook.id, status, attempts: 1, ...message });
    else sent.splice(sent.indexOf(before), 1, { ...before, ...message, status, attempts: before.attempts + 1 });
  }

  function tell(happening: Happening): void {
    for (const hook of registry.all()) {
      if (hook.sourceId !== null && hook.sourceId !== happening.sourceId) continue;
      enqueue(hook, (sending) => dialect.toMessage(happening, hook, sending));
    }
  }

  registry.onPing((hook) => enqueue(hook, (sending) => dialect.toPing(hook, sending)));

  return {
    look(commented) {
      if (registry.all().length === 0) {
        known = null;
        return;
      }
      const after = snapshot();
      const before = known ?? after;
      known = after;
      for (const [id, issue] of after) {
        const old = before.get(id);
        const sourceId = parts.sourceIdOf(issue.sourceKey);
        if (old === undefined) tell({ kind: "created", before: null, after: issue, sourceId });
        else if (id === commented) tell({ kind: "commented", before: old, after: issue, sourceId });
        else if (JSON.stringify(old) !== JSON.stringify(issue)) {
          if (old.sourceKey !== issue.sourceKey)
            tell({ kind: "removed", before: old, after: null, sourceId: parts.sourceIdOf(old.sourceKey) });
          tell({ kind: "edited", before: old, after: issue, sourceId });
        }
      }
      for (const [id, issue] of before) {
        if (!after.has(id))
          tell({ kind: "removed", before: issue, after: null, sourceId: parts.sourceIdOf(issue.sourceKey) });
      }
    },
    register(hook) {
      const made = registry.add({ events: [], sourceId: null, ...hook });
      known ??= snapshot();
      registry.ping(made);
      return { id: made.id };
    },
    list: () => registry.all().map((hook) => ({ ...hook })),
    remove: (id) => registry.remove(id),
    deliveries: () => [...sent],
    hold() {
      held ??= [];
    },
    async release({ order = "as-sent", times = 1 } = {}) {
      const waiting = held ?? [];
      held = null;
      const ordered = order === "reversed" ? waiting.toReversed() : waiting;
      for (let time = 0; time < times; time++) for (const one of ordered) send(one);
      await tail;
    },
    async retry() {
      const failed = sent.filter(
        ({ status, attempts }) => !(status >= 200 && status < 300) && attempts <= dialect.retries,
      );
      for (const { id } of failed) {
        const pending = makers.get(id);
        if (pending !== undefined) send(pending);
      }
      await tail;
    },
    async redeliver(id) {
      const pending = makers.get(id);
      if (pending === undefined) throw new Error(`There is no delivery ${id}.`);
      send(pending);
      await tail;
    },
    settle: () => tail,
  };
}

/** Resolves with the status, 0 if there was no response in time. */
function post(url: string, { headers, body }: Message, patienceMs: number): Promise<number> {
  return new Promise((resolve) => {
    const target = URL.parse(url);
    if (target === null) {
      resolve(0);
      return;
    }
    const request = (target.protocol === "https:" ? httpsRequest : httpRequest)(
      target,
      {
        method: "POST",
        agent: false,
        timeout: patienceMs,
        headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...headers },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", () => resolve(0));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(0));
    request.end(body);
  });
}
