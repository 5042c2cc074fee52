/** The host that webhooks may use in addition to this machine's own names: that of `server.publicUrl`, as in a `Host` header. */
export function publicHost(publicUrl: string | null): string | null {
  return publicUrl === null ? null : (URL.parse(publicUrl)?.host.toLowerCase() ?? null);
}

/** The URL that a tracker sends to; null without a public address. `secret` if it is part of the URL. */
export function webhookAddress(publicUrl: string | null, tracker: string, secret?: string): string | null {
  if (publicUrl === null) return null;
  const query = secret === undefined ? "" : `?secret=${encodeURIComponent(secret)}`;
  return `${publicUrl.replace(/\/+$/, "")}/webhooks/${encodeURIComponent(tracker)}${query}`;
}
