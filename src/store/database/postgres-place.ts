import { PanopticonError } from "../../domain/error.ts";

/** A PostgreSQL's address as it may be shown: without user and password. Throws `invalid_input` for what is no such address. */
export function postgresPlace(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
    throw new PanopticonError(
      "invalid_input",
      "What DATABASE_URL (database: in config.yaml) holds is no address of a PostgreSQL.",
      {
        hint: "Write it as postgres://USER:PASSWORD@HOST/NAME, or leave it out: the mirror is a file then.",
      },
    );
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
