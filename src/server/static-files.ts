import { createHash, hash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { fileErrorCode, isNotThere } from "../domain/file-error.ts";
import { pagePolicy } from "./access/security-headers.ts";
import { notBuiltPage } from "./access/sign-in-page.ts";

const mediaTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const compressible = new Set([".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"]);
const encodings = ["br", "gzip"] as const;
type Encoding = (typeof encodings)[number];
const suffixes: Record<Encoding, string> = { br: ".br", gzip: ".gz" };

/** Vite's hashed names: `assets/index-BxT3k9aQ.js`. */
const hashedName = /-[\w-]{8,}\.\w+$/;

type Variant = { readonly body: Buffer<ArrayBuffer>; readonly etag: string };
type LoadedFile = {
  readonly mtimeMs: number;
  readonly body: Buffer<ArrayBuffer>;
  readonly etag: string;
  readonly encoded: Map<Encoding, Promise<Variant>>;
  readonly policy: string;
};

export type StaticRequest = {
  /** Still percent-encoded. */
  readonly path: string;
  readonly acceptEncoding: string;
  readonly ifNoneMatch: string | undefined;
};

/** Serves the built dashboard from memory; a path without a file extension is a page and gets `index.html`. Returns null for a missing file. */
export function createStaticFiles(root: string): (request: StaticRequest) => Promise<Response | null> {
  const loaded = new Map<string, LoadedFile>();

  /** Reads a file below the root; undefined if there is none, or if a symlink leads outside. */
  async function load(path: string): Promise<LoadedFile | undefined> {
    try {
      const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
      if (!real.startsWith(realRoot + sep)) return undefined;
      const { mtimeMs, isFile } = await stat(real).then((found) => ({
        mtimeMs: found.mtimeMs,
        isFile: found.isFile(),
      }));
      if (!isFile) return undefined;
      const known = loaded.get(path);
      if (known?.mtimeMs === mtimeMs) return known;
      const body = await readFile(real);
      const file: LoadedFile = {
        mtimeMs,
        body,
        etag: toEtag(body, ""),
        encoded: new Map(),
        policy: toPolicy(path, body),
      };
      loaded.set(path, file);
      return file;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async function encode(path: string, file: LoadedFile, encoding: Encoding): Promise<Variant> {
    let variant = file.encoded.get(encoding);
    if (variant === undefined) {
      variant = readOrCompress(path, file, encoding).then((body) => ({ body, etag: toEtag(file.body, encoding) }));
      file.encoded.set(encoding, variant);
    }
    return variant;
  }

  return async ({ path: written, acceptEncoding, ifNoneMatch }) => {
    // Refs contain dots and may start with one (`.github#4`), so only paths with a known extension are files.
    const isPage = written === "/index.html" || mediaTypes[extname(written)] === undefined;
    const path = isPage ? "index.html" : toFilePath(written);
    if (path === undefined) return null;
    const full = join(root, path);
    const file = await load(full);
    if (file === undefined) return isPage ? notBuiltPage() : null;

    const extension = extname(full);
    const encoding = compressible.has(extension) ? pickEncoding(acceptEncoding) : undefined;
    const { body, etag } = encoding === undefined ? file : await encode(full, file, encoding);
    const headers: Record<string, string> = {
      "cache-control": !isPage && hashedName.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": file.policy,
      "content-type": mediaTypes[extension] ?? "application/octet-stream",
      etag,
      vary: "Accept-Encoding",
      ...(encoding !== undefined && { "content-encoding": encoding }),
    };
    if (ifNoneMatch === etag) return new Response(null, { status: 304, headers });
    return new Response(body, { headers: { ...headers, "content-length": String(body.byteLength) } });
  };
}

/** The path below the root; undefined for one that could lead outside, or that is hidden. */
function toFilePath(written: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(written).replace(/^\/+/, "");
  } catch {
    // Invalid percent-encoding: no file has such a name.
    return undefined;
  }
  if (path.includes("\0") || path.includes("\\")) return undefined;
  return path.split("/").some((part) => part.startsWith(".")) ? undefined : path;
}

function pickEncoding(acceptEncoding: string): Encoding | undefined {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(";")[0]);
  return encodings.find((encoding) => accepted.includes(encoding));
}

/** The file that the build compressed, unless it is older than its source; else compressed here, once. */
async function readOrCompress(path: string, file: LoadedFile, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  try {
    const beside = path + suffixes[encoding];
    if ((await stat(beside)).mtimeMs >= file.mtimeMs) return await readFile(beside);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const compressed =
    encoding === "br"
      ? await promisify(brotliCompress)(file.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
      : await promisify(gzip)(file.body);
  return Buffer.from(compressed);
}

/** A page may run the inline scripts of the build, and no others. */
function toPolicy(path: string, body: Buffer): string {
  const scripts = extname(path) === ".html" ? body.toString().matchAll(/<script>([\s\S]*?)<\/script>/g) : [];
  return pagePolicy(Array.from(scripts, ([, script = ""]) => `'sha256-${hash("sha256", script, "base64")}'`));
}

function toEtag(body: Buffer, encoding: string): string {
  return `"${createHash("sha256").update(body).update(encoding).digest("base64url").slice(0, 24)}"`;
}

function isAbsent(error: unknown): boolean {
  return isNotThere(error) || fileErrorCode(error) === "ENAMETOOLONG";
}
