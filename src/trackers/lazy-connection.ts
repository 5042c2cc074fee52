import type { CodeHost } from "../domain/code-host.ts";
import { PanopticonError } from "../domain/error.ts";
import type { TrackerConnection, TrackerWebhooks, TrackerWriter, WritingCapabilities } from "./tracker.ts";

/**
 * A connection whose code is loaded on first use. Listing trackers, parsing refs and reading the mirror do not need it, and the command line pays for every
 * module at every start.
 */
export function lazyConnection(
  open: () => Promise<TrackerConnection>,
  writing?: Pick<WritingCapabilities, "choices" | "newStates">,
  has: { readonly code?: boolean; readonly webhooks?: boolean } = {},
): TrackerConnection {
  let opened: Promise<TrackerConnection> | undefined;
  const get = () => {
    opened ??= open();
    return opened;
  };
  return {
    verify: async (signal) => (await get()).verify(signal),
    async *sources(signal) {
      yield* (await get()).sources(signal);
    },
    describe: async (source, overrides, signal) => (await get()).describe(source, overrides, signal),
    async *pull(source, request) {
      yield* (await get()).pull(source, request);
    },
    async *sweep(source, signal) {
      yield* (await get()).sweep(source, signal);
    },
    read: async (source, nativeId, key, signal) => (await get()).read(source, nativeId, key, signal),
    async *comments(source, nativeId, key, signal) {
      yield* (await get()).comments(source, nativeId, key, signal);
    },
    findByKey: async (key, signal) => (await get()).findByKey?.(key, signal) ?? null,
    openFile: async (url, signal) => (await get()).openFile(url, signal),
    countOutside: async (source, signal) => (await get()).countOutside(source, signal),
    recall: async (writes) => {
      // Avoids loading the code when there is nothing to recall.
      if (writes.length > 0) await (await get()).recall?.(writes);
    },
    ...(has.webhooks ? { webhooks: lazyWebhooks(get) } : {}),
    ...(writing === undefined ? {} : { write: lazyWriter(get, writing) }),
    ...(has.code ? { code: lazyCode(get) } : {}),
  };
}

function lazyCode(get: () => Promise<TrackerConnection>): CodeHost {
  const host = async (): Promise<CodeHost> => {
    const { code } = await get();
    if (code === undefined) throw new Error("A tracker whose definition says that it keeps code does not.");
    return code;
  };
  return {
    checkRights: async (...args) => (await host()).checkRights(...args),
    openRequest: async (...args) => (await host()).openRequest(...args),
    requestsOf: async (...args) => (await host()).requestsOf(...args),
    newestRequests: async (...args) => (await host()).newestRequests(...args),
  };
}

function lazyWebhooks(get: () => Promise<TrackerConnection>): TrackerWebhooks {
  const webhooks = async (): Promise<TrackerWebhooks> => {
    const found = (await get()).webhooks;
    if (found === undefined) throw new Error("A tracker whose definition says that it makes webhooks does not.");
    return found;
  };
  return {
    list: async (source, signal) => (await webhooks()).list(source, signal),
    create: async (...args) => (await webhooks()).create(...args),
    update: async (...args) => (await webhooks()).update(...args),
    remove: async (...args) => (await webhooks()).remove(...args),
    ping: async (...args) => {
      const { ping } = await webhooks();
      if (ping !== undefined) return ping(...args);
      throw new PanopticonError("unsupported", "This tracker cannot send a test delivery.", {
        hint: "Change an issue in the tracker to trigger its webhook.",
      });
    },
  };
}

/** Has the optional methods that the tracker's capabilities declare. */
function lazyWriter(
  get: () => Promise<TrackerConnection>,
  has: Pick<WritingCapabilities, "choices" | "newStates">,
): TrackerWriter {
  const writer = async (): Promise<TrackerWriter> => {
    const { write } = await get();
    if (write === undefined) throw new Error("A tracker whose definition says that it can be written has no writer.");
    return write;
  };
  const optional = async <Name extends "choices" | "createState">(name: Name) => {
    const method = (await writer())[name];
    if (method === undefined) throw new Error(`A tracker whose definition names ${name} lacks it.`);
    return method;
  };
  return {
    plan: async (...args) => (await writer()).plan(...args),
    perform: async (...args) => (await writer()).perform(...args),
    create: async (...args) => (await writer()).create(...args),
    findCreated: async (...args) => (await writer()).findCreated(...args),
    comment: async (...args) => (await writer()).comment(...args),
    findComments: async (...args) => (await writer()).findComments(...args),
    editComment: async (...args) => (await writer()).editComment(...args),
    deleteComment: async (...args) => (await writer()).deleteComment(...args),
    relate: async (...args) => (await writer()).relate(...args),
    unrelate: async (...args) => (await writer()).unrelate(...args),
    ownValues: async (...args) => (await (await writer()).ownValues?.(...args)) ?? new Map(),
    sameText: async (written, found) => {
      const { sameText } = await writer();
      return sameText === undefined ? written === found : sameText(written, found);
    },
    ...(has.choices
      ? {
          choices: async (...args: Parameters<NonNullable<TrackerWriter["choices"]>>) =>
            (await optional("choices"))(...args),
        }
      : {}),
    ...(has.newStates
      ? {
          createState: async (...args: Parameters<NonNullable<TrackerWriter["createState"]>>) =>
            (await optional("createState"))(...args),
        }
      : {}),
  };
}
