import type { RefReading } from "../../domain/mention.ts";
import { foldRef } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/**
 * The folded lookup key of a mention: a form, the tracker and the text. `i`: the native id, `k`: source key and key (`owner/repo#12`), `r`: the ref
 * (`panopticon#45`, `MIN-123`).
 */
export function handleOf(reading: RefReading, own: SourceRecord): string {
  const { tracker, key, nativeId, prefix, sourceKey } = reading;
  if (nativeId !== undefined) return `i ${tracker} ${nativeId}`;
  if (sourceKey !== null) return `k ${tracker} ${foldRef(sourceKey + key)}`;
  // A key that starts with a sign (`#12`) and has no prefix belongs to this source.
  if (prefix === null && !/^[\p{L}\p{N}]/u.test(key)) return `k ${tracker} ${foldRef(own.config.key + key)}`;
  return `r ${tracker} ${foldRef((prefix ?? "") + key)}`;
}

export type ReadHandle = { readonly form: "i" | "k" | "r"; readonly tracker: string; readonly text: string };

/** Parses a handle; one of a former form counts as a ref. */
export function readHandle(handle: string): ReadHandle {
  const [form = "", tracker = ""] = handle.split(" ", 2);
  const text = handle.slice(form.length + tracker.length + 2);
  return { form: form === "i" || form === "k" ? form : "r", tracker, text };
}

/** Every handle that texts may use for an issue; former keys only if they are complete by themselves. */
export function handlesOfIssue(
  issue: { readonly nativeId: string; readonly key: string; readonly formerKeys: readonly string[] },
  source: SourceRecord,
): readonly string[] {
  const { tracker, refPrefix } = source.config;
  return [
    `i ${tracker} ${issue.nativeId}`,
    ...sourceNames(source).map((name) => `k ${tracker} ${name}${foldRef(issue.key)}`),
    `r ${tracker} ${foldRef(refPrefix + issue.key)}`,
    ...issue.formerKeys.map((key) => `r ${tracker} ${foldRef(key)}`),
  ];
}

/** The names of a source in a URL: its key, and its path if the server is below one. Folded. */
export function sourceNames({ config, info }: SourceRecord): readonly string[] {
  const path = info?.url == null ? undefined : URL.parse(info.url)?.pathname.slice(1);
  return [...new Set([config.key, ...(path ? [path] : [])].map(foldRef))];
}
