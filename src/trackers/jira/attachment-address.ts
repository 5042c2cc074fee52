import type { Site } from "./calls.ts";

/** Converts the site's URL of an attachment to the one that accepts the credentials: with a scoped token, that is the gateway's. */
export function throughApi(url: string, baseUrl: string, { webUrl, api }: Site): string {
  if (!url.startsWith(`${webUrl}/`) || url.startsWith(`${baseUrl}/`)) return url;
  const id = /^\/rest\/api\/[23]\/attachment\/content\/(\d+)$/.exec(url.slice(webUrl.length))?.[1];
  return id === undefined ? url : `${baseUrl}${api}/attachment/content/${id}`;
}
