import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.ts";
import { fileErrorCode } from "../domain/file-error.ts";
import { mayBeHeldElsewhere } from "./connections.ts";
import { type AskedPrograms, createConfigReader, type ReadConfigOptions } from "./read-config.ts";

/** The current configuration from the files; updated until it is closed. */
export type WatchedConfig = {
  current(): Config;
  /** Reads the files at once, for Panopticon's own changes. */
  reload(): Promise<Config>;
  /** Resolves once the files are read as they are now. */
  caughtUp(): Promise<void>;
  on(listener: (config: Config) => void): () => void;
  close(): void;
};

export type WatchConfigOptions = Omit<ReadConfigOptions, "programs"> & {
  /** `used first`: does not wait for other programs' credentials of connections that no project uses; those arrive as a change. */
  readonly programs?: AskedPrograms | "used first";
  readonly intervalMs?: number;
};

/**
 * Reads the configuration, again whenever one of its files is created, changed, replaced, deleted, or changes its mode. Polls the files' metadata, which also
 * works for files created later, for editors that write by renaming, and on network drives. A change is read once it is stable for one interval, so that a
 * partial write is not read.
 */
export async function watchConfig(options: WatchConfigOptions): Promise<WatchedConfig> {
  const { paths, programs, intervalMs = 400 } = options;
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
      // In sequence; an earlier failure was handled by its caller.
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
    }, intervalMs);
    return next.unref();
  }

  async function caughtUp(): Promise<void> {
    while (!closed && (await fingerprint(files)) !== used) await sleep(intervalMs);
    await reading.catch(() => undefined);
  }

  if (programs === "used first" && config.connections.some(mayBeHeldElsewhere)) void reload().catch(() => undefined);

  return {
    current: () => config,
    reload,
    caughtUp,
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

/** Differs whenever a file's content may differ, also after a replacement within one tick of the clock, because of its inode. */
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
