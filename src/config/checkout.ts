import { basename } from "node:path";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { parseGitRemote } from "../domain/git-remote.ts";
import type { Project, TrackerKeys } from "./config.ts";
import { projectOfOne } from "./project-of-one.ts";
import type { RunCommand } from "./run-command.ts";

/** The top folder and remotes of a git checkout. */
export type Checkout = {
  /** The checkout's top folder. */
  readonly path: string;
  /** URLs of the remotes, `origin` first. */
  readonly remotes: readonly string[];
};

/** The source that a remote belongs to. */
export type RemoteSource = {
  readonly tracker: TrackerKeys;
  readonly connection: string;
  readonly sourceKey: string;
  readonly value: string;
};

/** The git checkout around a folder; null if there is none, or no git. */
export async function findCheckout(cwd: string, runCommand: RunCommand): Promise<Checkout | null> {
  const path = (await runCommand("git", ["rev-parse", "--show-toplevel"], { cwd }))?.trim();
  if (!path) return null;
  const listed = (await runCommand("git", ["remote", "-v"], { cwd })) ?? "";
  const remotes = listed.split("\n").flatMap((line) => {
    const [name, rest] = line.split("\t");
    const address = rest?.endsWith(" (fetch)") ? rest.slice(0, -" (fetch)".length) : undefined;
    return name && address ? [{ name, address }] : [];
  });
  const sorted = remotes.toSorted((a, b) => Number(b.name === "origin") - Number(a.name === "origin"));
  return { path, remotes: sorted.map(({ address }) => address) };
}

/** The source of the first matching remote: each tracker tells which remotes are on a connection's server. Default connections come first. */
export function findRemoteSource(
  remotes: readonly string[],
  trackers: readonly TrackerKeys[],
  connections: readonly ConnectionConfig[],
): RemoteSource | null {
  for (const address of remotes) {
    const remote = parseGitRemote(address);
    if (remote === null) continue;
    for (const connection of connections) {
      const tracker = trackers.find(({ id }) => id === connection.tracker);
      for (const definition of tracker?.sourceKeys ?? []) {
        const value = definition.fromRemote?.(remote, connection.values["server"] ?? "");
        if (tracker && value) return { tracker, connection: connection.id, sourceKey: definition.key, value };
      }
    }
  }
  return null;
}

/** The project for a checkout without a projects.yaml; null if none of its remotes belongs to a tracker. */
export function toCheckoutProject(
  checkout: Checkout,
  trackers: readonly TrackerKeys[],
  connections: readonly ConnectionConfig[],
): Project | null {
  const source = findRemoteSource(checkout.remotes, trackers, connections);
  if (source === null) return null;
  const { tracker, connection, value } = source;
  const definition = tracker.sourceKeys.find(({ key }) => key === source.sourceKey);
  const name = basename(value);
  const id = projectIdFrom(name);
  return projectOfOne({ id, name, path: checkout.path }, { tracker: tracker.id, connection, key: value, definition });
}

/** Derives a project id from any name: `My App!` → `my-app`. */
export function projectIdFrom(name: string): string {
  const id = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 64);
  return id || "project";
}
