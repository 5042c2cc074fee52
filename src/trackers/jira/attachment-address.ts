import type { Site } from "./calls.ts";

/** The site's own address of an attachment as the one where these credentials count: with a scoped token that is the gateway. */
export function throughApi(url: string, baseUrl: string, { webUrl, api }: Site): string {
  if (!url.startsWith(`${webUrl}/`) || url.startsWith(`${baseUrl}/`)) return url;
  const id = /^\/rest\/api\/[23]\/attachment\/content\/(\d+)$/.exec(url.slice(webUrl.length))?.[1];
  return id === undefined ? url : `${baseUrl}${api}/attachment/content/${id}`;
}
