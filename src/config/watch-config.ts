import { stat } from "node:fs/promises";
import type { Config } from "./config.ts";
import { fileErrorCode } from "../domain/file-error.ts";
import { mayBeHeldElsewhere } from "./connections.ts";
import { type AskedPrograms, createConfigReader, type ReadConfigOptions } from "./read-config.ts";

/** The configuration as the files say it now; it follows them until it is closed. */
export type WatchedConfig = {
  current(): Config;
  /** Reads the files at once, for a change Panopticon made itself. */
  reload(): Promise<Config>;
  on(listener: (config: Config) => void): () => void;
  close(): void;
};

export type WatchConfigOptions = Omit<ReadConfigOptions, "programs"> & {
  /** `used first`: nobody waits for what other programs may hold of connections that no project uses; it comes as a change. */
  readonly programs?: AskedPrograms | "used first";
  readonly intervalMs?: number;
};

/**
 * Reads the configuration and again whenever one of its files changes, appears, goes, is replaced or changes its mode.
 * The files are looked at by their metadata: that also works for files that come later, for editors that write by renaming,
 * and on network drives. A change is read when it has stood still for one interval, so that half a write is not taken for a whole.
 */
export async function watchConfig(options: WatchConfigOptions): Promise<WatchedConfig> {
  const { paths, programs } = options;
  const files = [paths.envFile, paths.configFile, paths.projectsFile];
  const read = createConfigReader(options);
  const listeners = new Set<(config: Config) => void>();
  let used = await fingerprint(files);
  let seen = used;
  const later = programs === "used first" ? "all" : programs;
  let config = await read(programs === "used first" ? "used" : programs);
  let reading: Promise<Config> = Promise.resolve(config);
  let closed = false;

  function reload(): Promise<Config> {
    const before = reading;
    reading = (async () => {
      // One after the other; what went wrong before was its caller's to handle.
      await Promise.allSettled([before]);
      used = seen = await fingerprint(files);
      const next = await read(later);
      if (closed) return config;
      config = next;
      for (const listener of listeners) listener(config);
      return config;
    })();
    return reading;
  }

  async function look(): Promise<void> {
    const now = await fingerprint(files);
    const settled = now === seen;
    seen = now;
    if (settled && now !== used && !closed) await reload();
  }

  let timer = schedule();
  function schedule(): NodeJS.Timeout {
    const next = setTimeout(() => {
      void look().finally(() => {
        if (!closed) timer = schedule();
      });
    }, options.intervalMs ?? 400);
    return next.unref();
  }

  if (programs === "used first" && config.connections.some(mayBeHeldElsewhere)) void reload().catch(() => undefined);

  return {
    current: () => config,
    reload,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Differs whenever a file's content may differ: also after a replacement within one tick of the clock, by its inode. */
async function fingerprint(files: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    files.map(async (file) => {
      try {
        const { ino, size, mtimeNs, ctimeNs, mode } = await stat(file, { bigint: true });
        return [ino, size, mtimeNs, ctimeNs, mode].join(" ");
      } catch (error) {
        return fileErrorCode(error) ?? "unreadable";
      }
    }),
  );
  return parts.join("\n");
}
