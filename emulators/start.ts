import type { Emulator, EmulatorOptions } from "./emulator.ts";
import { emulatorDefinitions } from "./registry.ts";
import { createControl } from "./server/control.ts";
import { createFaultList } from "./server/fault-list.ts";
import { controlPath, openHttpServer } from "./server/http-server.ts";
import { createRequestRecorder } from "./server/request-recorder.ts";

export type Emulators = Readonly<Record<string, Emulator>>;

/** The trackers there are emulators for. */
export const emulatedTrackers: readonly string[] = emulatorDefinitions.map(({ tracker }) => tracker);

/** Starts one tracker's emulator on loopback; without a port on a free one. */
export async function startEmulator(tracker: string, options: EmulatorOptions): Promise<Emulator> {
  const definition = emulatorDefinitions.find((one) => one.tracker === tracker);
  if (definition === undefined) {
    throw new Error(`There is no emulator for ${tracker}; there are ${emulatedTrackers.join(", ")}.`);
  }
  const now = options.now ?? Date.now;
  const server = await openHttpServer(options.port ?? 0);
  try {
    const { handle, page, ...parts } = definition.create({
      origin: server.origin,
      now,
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
    server.serve({
      handle,
      page,
      control: createControl({ world: parts.world, faults, requests }),
      faults,
      requests,
      now,
    });
    return {
      tracker,
      ...parts,
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

/** Starts several (default: all), on consecutive ports from `port` on. `close` ends all of them. */
export async function startEmulators(
  options: EmulatorOptions & { readonly only?: readonly string[] },
): Promise<{ readonly emulators: Emulators; close(): Promise<void> }> {
  const { only, port, ...rest } = options;
  const started: Emulator[] = [];
  const close = async () => {
    await Promise.all(started.map((emulator) => emulator.close()));
  };
  try {
    for (const tracker of only ?? emulatedTrackers) {
      const own = port === undefined ? {} : { port: port + started.length };
      started.push(await startEmulator(tracker, { ...rest, ...own }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { emulators: Object.fromEntries(started.map((emulator) => [emulator.tracker, emulator])), close };
}
