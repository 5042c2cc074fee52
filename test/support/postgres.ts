import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { systemClock } from "../../src/domain/clock.ts";
import { openStore } from "../../src/store/open-store.ts";

/** A PostgreSQL server that runs as long as the test process. */
export type TestPostgres = {
  /** Creates an empty database; returns its URL. */
  createDatabase(): Promise<string>;
  /** Creates a database with an empty mirror, in a quarter of the time of creating the mirror; returns its URL. */
  createMirror(): Promise<string>;
  /** Stops the server and removes its files; also done when the process ends. */
  stop(): Promise<void>;
};

/** The users that run the server when root may not. */
const rootsStandIns = ["postgres", "nobody"];
const startTimeoutMs = 30_000;

let shared: Promise<TestPostgres> | null = null;

/** Starts a temporary server on a socket in its own folder, one per process. Throws with the Debian package's name if PostgreSQL is missing. */
export function startPostgres(): Promise<TestPostgres> {
  shared ??= start();
  return shared;
}

async function start(): Promise<TestPostgres> {
  const { bin, version } = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), "pan-pg-"));
  const user = standIn();
  if (user) chownSync(folder, user.uid, user.gid);
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const data = join(folder, "data");
  // A clean environment, because PGDATA, PGHOST and the like would point elsewhere.
  const options = { cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", HOME: folder }, ...as };

  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "pan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
    { ...options, encoding: "utf8" },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  }
  const settings = {
    listen_addresses: "",
    unix_socket_directories: folder,
    fsync: "off",
    full_page_writes: "off",
    // It would start a process in each of hundreds of short-lived databases.
    autovacuum: "off",
    max_connections: "60",
    shared_buffers: "64MB",
  };
  const [command, ...args] = dyingWithUs([
    join(bin, "postgres"),
    "-D",
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]);
  const server = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  // Neither the server nor its log may keep the tests running; the hook below stops it then.
  server.unref();
  if (server.stderr instanceof Socket) server.stderr.unref();
  const remove = () => removeFolder(folder);
  const onExit = () => {
    server.kill("SIGQUIT");
    remove();
  };
  process.once("exit", onExit);
  try {
    await untilReady(server);
  } catch (error) {
    onExit();
    throw error;
  }

  let databases = 0;
  let mirror: Promise<string> | null = null;
  const address = (database: string) => `postgres://pan@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const create = async (template: string) => {
    databases += 1;
    const name = `test_${databases}`;
    const client = new pg.Client({ connectionString: address("postgres") });
    await client.connect();
    // Copying is faster than logging; before version 15 it was the only strategy.
    const strategy = version >= 15 ? "strategy file_copy" : "";
    await client.query(`create database ${name} template ${template} ${strategy}`);
    await client.end();
    return name;
  };
  const makeMirror = async () => {
    const name = await create("template1");
    const store = await openStore({ databaseUrl: address(name), file: "", clock: systemClock });
    await store.close();
    return name;
  };
  return {
    createDatabase: async () => address(await create("template1")),
    createMirror: async () => address(await create(await (mirror ??= makeMirror()))),
    stop: async () => {
      process.removeListener("exit", onExit);
      shared = null;
      if (server.exitCode === null && server.signalCode === null) {
        server.ref();
        const ended = once(server, "exit");
        // Immediate shutdown: nothing in it is worth keeping.
        server.kill("SIGQUIT");
        await ended;
      }
      remove();
    },
  };
}

/** The server's last children may still be writing while the folder is removed. Synchronous, because it also runs at exit. */
function removeFolder(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; existsSync(folder) && attempt < 100; attempt += 1) {
    if (attempt > 0) Atomics.wait(pause, 0, 0, 20);
    const removed = spawnSync("rm", ["-rf", folder]);
    if (removed.error) throw removed.error;
  }
}

function findBinaries(): { readonly bin: string; readonly version: number } {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const newest = versions
    .filter((version) => existsSync(join(root, version, "bin", "initdb")))
    .toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    throw new Error(
      "There is no PostgreSQL server on this machine. Install it, on Debian: sudo apt-get install postgresql",
    );
  }
  return { bin: join(root, newest, "bin"), version: Number(newest) };
}

/** PostgreSQL refuses to run as root, so another user of this machine runs it. */
function standIn(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of rootsStandIns) {
    const ask = (flag: string) => spawnSync("id", [flag, name], { encoding: "utf8" });
    const [uid, gid] = [ask("-u"), ask("-g")];
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has no user ${rootsStandIns.join(" or ")}.`);
}

/** Has the kernel stop the server if this process is killed before it can, if the machine supports that. */
function dyingWithUs(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const known = spawnSync("setpriv", ["--pdeathsig", "QUIT", "true"]);
  return known.status === 0 ? ["setpriv", "--pdeathsig", "QUIT", ...command] : command;
}

/** Resolves at the log line that reports readiness. */
function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    const timer = setTimeout(() => reject(new Error(`PostgreSQL did not start in time: ${log}`)), startTimeoutMs);
    const settle = (done: () => void) => {
      clearTimeout(timer);
      done();
    };
    server.once("error", (error) => settle(() => reject(error)));
    server.once("exit", (code) => settle(() => reject(new Error(`PostgreSQL ended with ${code}: ${log}`))));
    server.stderr?.on("data", (chunk: Buffer) => {
      if (log.length < 10_000) log += chunk.toString();
      if (chunk.includes("ready to accept connections")) settle(resolve);
    });
  });
}
