/** Times with second precision, in UTC. */
export function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time);
}

/** Opaque to clients; only this emulator decodes it. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`harborline:${id}`).toString("base64url")}`;
}
