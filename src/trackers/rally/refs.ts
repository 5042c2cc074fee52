import type { RefReader } from "../tracker.ts";
import type { ParsedRef } from "../../domain/mention.ts";

/** Prefixes are configured by the workspace: any letters, then a number. */
const written = /^[A-Za-z]{1,12}[1-9]\d{0,11}$/;

/** In prose a single letter with one digit is a key, a version or a heading: `F5`, `v2`, `H1`. */
const inProse = /^(?:[A-Z]{2,12}[1-9]\d{0,11}|[A-Z][1-9]\d{1,11})$/;

/** `…/#/detail/userstory/12345`, `…/#/67890d/detail/defect/12345`, `…/#/?detail=/task/12345&…`: the number is the ObjectID. */
const address =
  /^https?:\/\/([^/\s]+)\/(?:[^#\s]*)#\/(?:[^\s?]*?detail\/|[^\s?]*\?(?:[^\s]*&)?detail=(?:%2F|\/))(?:[a-z]+(?:%2F|\/)){1,2}(\d+)(?:[/?&]\S*)?$/i;

/** Parses `US1234`, `DE55`, `F29698` and the URLs of detail pages. Keys are upper case in Rally and accepted in any case. */
export const rallyRefs: RefReader = {
  parse(text): ParsedRef | null {
    const trimmed = text.trim();
    if (written.test(trimmed)) return { key: trimmed.toUpperCase(), prefix: null, sourceKey: null, host: null };
    const url = address.exec(trimmed);
    if (url === null) return null;
    return { key: "", nativeId: url[2] ?? "", prefix: null, sourceKey: null, host: url[1]?.toLowerCase() ?? null };
  },
  inText: (word) => (written.test(word) && !inProse.test(word) ? null : rallyRefs.parse(word)),
  format: ({ prefix, key }) => `${prefix}${key}`,
};
