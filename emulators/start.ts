import type { Emulator, EmulatorOptions } from "./emulator.ts";
import { emulatorDefinitions } from "./registry.ts";
import { createControl } from "./server/control.ts";
import { createFaultList } from "./server/fault-list.ts";
import { controlPath, openHttpServer } from "./server/http-server.ts";
import { createHookRegistry } from "./server/hook-registry.ts";
import { observeWorld } from "./server/observe-world.ts";
import { createRequestRecorder } from "./server/request-recorder.ts";
import { createWebhooks } from "./server/webhooks.ts";

export type Emulators = Readonly<Record<string, Emulator>>;

/** The trackers that have an emulator. */
export const emulatedTrackers: readonly string[] = emulatorDefinitions.map(({ tracker }) => tracker);

/** Starts a tracker's emulator on loopback, on a free port by default. */
export async function startEmulator(tracker: string, options: EmulatorOptions): Promise<Emulator> {
  const definition = emulatorDefinitions.find((one) => one.tracker === tracker);
  if (definition === undefined) {
    throw new Error(`There is no emulator for ${tracker}; there are ${emulatedTrackers.join(", ")}.`);
  }
  const now = options.now ?? Date.now;
  const server = await openHttpServer(options.port ?? 0);
  try {
    const hooks = createHookRegistry(now);
    const { handle, page, dialect, ...parts } = definition.create({
      origin: server.origin,
      now,
      hooks,
      options: {
        issues: options.issues,
        seed: options.seed,
        closed: options.closed ?? 0.5,
        sources: options.sources ?? 2,
        budget: options.budget,
        largestPage: options.largestPage,
        variant: options.variant,
      },
    });
    const faults = createFaultList();
    const requests = createRequestRecorder();
    const webhooks = createWebhooks({
      world: parts.world,
      registry: hooks,
      dialect,
      sourceIdOf: (key) => parts.sources.find((source) => source.key === key)?.id ?? key,
      now,
    });
    const world = observeWorld(parts.world, (commented) => webhooks.look(commented));
    server.serve({
      handle(request, active) {
        const reply = handle(request, active);
        if (request.method !== "GET") webhooks.look();
        return reply;
      },
      page,
      control: createControl({ world, faults, requests, webhooks }),
      faults,
      requests,
      now,
    });
    return {
      tracker,
      ...parts,
      world,
      webhooks,
      control: `${server.origin}${controlPath}`,
      faults,
      requests,
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Starts several emulators (default: all), on consecutive ports from `port` on; `variants`: editions by tracker. `close` ends all of them. */
export async function startEmulators(
  options: EmulatorOptions & {
    readonly only?: readonly string[];
    readonly variants?: Readonly<Record<string, string>>;
  },
): Promise<{ readonly emulators: Emulators; close(): Promise<void> }> {
  const { only, port, variants = {}, ...rest } = options;
  const started: Emulator[] = [];
  const close = async () => {
    await Promise.all(started.map((emulator) => emulator.close()));
  };
  try {
    for (const tracker of only ?? emulatedTrackers) {
      const own = port === undefined ? {} : { port: port + started.length };
      const variant = variants[tracker];
      started.push(await startEmulator(tracker, { ...rest, ...own, ...(variant === undefined ? {} : { variant }) }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { emulators: Object.fromEntries(started.map((emulator) => [emulator.tracker, emulator])), close };
}
