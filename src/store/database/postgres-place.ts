import { PanopticonError } from "../../domain/error.ts";

/** A PostgreSQL URL for display, without user and password. Throws `invalid_input` if it is not such a URL. */
export function postgresPlace(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
    throw new PanopticonError("invalid_input", "DATABASE_URL (database: in config.yaml) is not a PostgreSQL address.", {
      hint: "Write it as postgres://USER:PASSWORD@HOST/NAME, or omit it to keep the mirror in a file.",
    });
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
