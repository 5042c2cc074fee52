/** The host that webhooks may name, besides this machine's own names: that of `server.publicUrl`, as a `Host` header has it. */
export function publicHost(publicUrl: string | null): string | null {
  return publicUrl === null ? null : (URL.parse(publicUrl)?.host.toLowerCase() ?? null);
}

/** Where a tracker sends to; null without a public address. `secret` where it is part of the address. */
export function webhookAddress(publicUrl: string | null, tracker: string, secret?: string): string | null {
  if (publicUrl === null) return null;
  const query = secret === undefined ? "" : `?secret=${encodeURIComponent(secret)}`;
  return `${publicUrl.replace(/\/+$/, "")}/webhooks/${encodeURIComponent(tracker)}${query}`;
}
