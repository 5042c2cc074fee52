import type { WireReply } from "../server/http-server.ts";
import { badRequest } from "./replies.ts";

export type Page = { readonly page: number; readonly perPage: number };

/** Validates query parameters like Grape does: all invalid values are reported together; unknown parameters are ignored. */
export type Params = {
  text(name: string): string | null;
  choice<T extends string>(name: string, values: readonly T[], fallback: T): T;
  integer(name: string): number | null;
  time(name: string): number | null;
  flag(name: string, fallback: boolean): boolean;
  /** `name[]=a&name[]=b`, or `name=a,b`. */
  list(name: string): readonly string[];
  integers(name: string): readonly number[];
  page(): Page;
  /** The 400 response with all problems; null if there are none. */
  refusal(): WireReply | null;
};

const defaultPerPage = 20;
const maxPerPage = 100;

export function createParams(query: URLSearchParams): Params {
  const problems: string[] = [];
  const text = (name: string) => query.get(name) || null;

  const integer = (name: string): number | null => {
    const value = text(name);
    if (value === null) return null;
    if (/^-?\d+$/.test(value)) return Number(value);
    problems.push(`${name} is invalid`);
    return null;
  };
  const list = (name: string): string[] => [
    ...query.getAll(`${name}[]`),
    ...(query.get(name) ?? "").split(",").filter((part) => part !== ""),
  ];

  return {
    text,
    integer,
    list,
    choice(name, values, fallback) {
      const value = text(name);
      if (value === null) return fallback;
      const found = values.find((one) => one === value);
      if (found === undefined) problems.push(`${name} does not have a valid value`);
      return found ?? fallback;
    },
    time(name) {
      const value = text(name);
      if (value === null) return null;
      const time = Date.parse(value);
      if (!Number.isNaN(time)) return time;
      problems.push(`${name} is invalid`);
      return null;
    },
    flag(name, fallback) {
      const value = text(name);
      if (value === null) return fallback;
      if (/^(true|t|yes|y|1|on)$/i.test(value)) return true;
      if (!/^(false|f|no|n|0|off)$/i.test(value)) problems.push(`${name} is invalid`);
      return false;
    },
    integers(name) {
      const values = list(name);
      if (values.some((value) => !/^\d+$/.test(value))) problems.push(`${name} is invalid`);
      return values.map(Number);
    },
    page() {
      const perPage = integer("per_page") ?? defaultPerPage;
      if (perPage === 0) problems.push("per_page has a value not allowed");
      const page = integer("page") ?? 1;
      return {
        page: Math.max(1, page),
        perPage: perPage > 0 ? Math.min(perPage, maxPerPage) : defaultPerPage,
      };
    },
    refusal: () => (problems.length === 0 ? null : badRequest(problems)),
  };
}
