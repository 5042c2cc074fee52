import { liesIn } from "../../../src/domain/file-place.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { decodePercent } from "../../../src/domain/decode-percent.ts";

/** A host or path where a connection's tracker stores files. */
export type FilePlace = TrackerShape["fileHosts"][number] & { readonly connection: string };

/** All connections' file places, in order. */
export function placesOf(trackers: readonly Pick<TrackerShape, "connection" | "fileHosts">[]): readonly FilePlace[] {
  return trackers.flatMap(({ connection, fileHosts }) => fileHosts.map((host) => ({ ...host, connection })));
}

/**
 * The URL from which the page loads a picture or attachment: proxied through the server, with the tracker's login, if its place requires that or is not reached
 * over https; otherwise its own https URL. null: do not request it. `connection`: the connection of the issue that links it, which is preferred.
 */
export function fileAddress(address: string, places: readonly FilePlace[], connection?: string): string | null {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  const fitting = places.filter((place) => liesIn(place, url));
  const place = fitting.find((one) => one.connection === connection) ?? fitting[0];
  if (place !== undefined && (place.login || url.protocol === "http:")) {
    return `/api/files?${new URLSearchParams({ connection: place.connection, url: url.href }).toString()}`;
  }
  return url.protocol === "https:" ? url.href : null;
}

/** The proxied URL of a linked file that its tracker serves only with a login. null for any other link. */
export function linkedFile(address: string, places: readonly FilePlace[], connection?: string): string | null {
  const found = fileAddress(address, places, connection);
  return found?.startsWith("/api/files?") === true ? found : null;
}

/** The name to save a linked file under: the link text if it is a file name, otherwise the last path segment. */
export function fileName(words: string, address: string): string {
  const trimmed = words.trim();
  if (/^[^/\\]{1,200}\.[A-Za-z0-9]{1,8}$/.test(trimmed)) return trimmed;
  const last =
    URL.parse(address)
      ?.pathname.split("/")
      .findLast((part) => part !== "") ?? "file";
  return decodePercent(last);
}

/** Whether an image in a text is really another kind of file, judging by its alt text and URL: some trackers embed all files the same way. */
export function isOtherFile(words: string, address: string): boolean {
  const names = [words.trim(), URL.parse(address)?.pathname ?? ""];
  return (
    !names.some((name) => isPicture(name) || /\.svg$/i.test(name)) &&
    names.some((name) => /\.[a-z]\w{1,7}$/i.test(name))
  );
}

/** Whether browsers display the file inline; others are downloaded. */
export function isPicture(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|avif|bmp)$/i.test(name);
}

/** The original URL of a proxied file, if the browser may request it directly; otherwise null. */
export function ownAddress(address: string): string | null {
  if (!address.includes("/api/files?")) return null;
  const own = new URLSearchParams(address.slice(address.indexOf("?"))).get("url");
  return own?.startsWith("https:") === true ? own : null;
}
