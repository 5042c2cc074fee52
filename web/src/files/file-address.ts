import { liesIn } from "../../../src/domain/file-place.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { decodePercent } from "../../../src/domain/decode-percent.ts";

/** A place where a connection's tracker keeps files. */
export type FilePlace = TrackerShape["fileHosts"][number] & { readonly connection: string };

/** All connections' places, in their order. */
export function placesOf(trackers: readonly Pick<TrackerShape, "connection" | "fileHosts">[]): readonly FilePlace[] {
  return trackers.flatMap(({ connection, fileHosts }) => fileHosts.map((host) => ({ ...host, connection })));
}

/**
 * Where the page gets a picture or an attachment from. Through the server, with the tracker's login, where its place wants that, or where it is not
 * reached over https; by its own address elsewhere over https. null: it is not to be requested. `connection`: whose issue names it, first asked.
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

/** Where a text's link to a file leads that its tracker gives out to logins only: through the server. null: any other link. */
export function linkedFile(address: string, places: readonly FilePlace[], connection?: string): string | null {
  const found = fileAddress(address, places, connection);
  return found?.startsWith("/api/files?") === true ? found : null;
}

/** The name under which a linked file is kept: the link's words where they are one, else the end of its address. */
export function fileName(words: string, address: string): string {
  const trimmed = words.trim();
  if (/^[^/\\]{1,200}\.[A-Za-z0-9]{1,8}$/.test(trimmed)) return trimmed;
  const last =
    URL.parse(address)
      ?.pathname.split("/")
      .findLast((part) => part !== "") ?? "file";
  return decodePercent(last);
}

/** Whether what a text shows as a picture is another kind of file, by its words and its address: some trackers write all files of an issue in one way. */
export function isOtherFile(words: string, address: string): boolean {
  const names = [words.trim(), URL.parse(address)?.pathname ?? ""];
  return (
    !names.some((name) => isPicture(name) || /\.svg$/i.test(name)) &&
    names.some((name) => /\.[a-z]\w{1,7}$/i.test(name))
  );
}

/** What a browser shows by itself; the rest is kept as a file. */
export function isPicture(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|avif|bmp)$/i.test(name);
}

/** The file's own address, where it was to come through the server and a browser may ask for it itself; else null. */
export function ownAddress(address: string): string | null {
  if (!address.includes("/api/files?")) return null;
  const own = new URLSearchParams(address.slice(address.indexOf("?"))).get("url");
  return own?.startsWith("https:") === true ? own : null;
}
