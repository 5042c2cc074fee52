import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Person } from "../../domain/issue.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { shorten, unknownWord } from "./unknown-word.ts";

type Somebody = Pick<Person, "id" | "login" | "name">;

/** A person's native id by login (`ann`, `@ann`), by name, or `me`. Throws `invalid_input` for an unknown person and for an ambiguous name. */
export async function readPerson(written: string, people: readonly Somebody[], source: SourceContext): Promise<string> {
  if (foldName(written) === "me") return readMe(source);
  const found = findPerson(written, people);
  if (found !== undefined) return found.id;
  throw unknownWord(
    "member",
    written,
    people.flatMap(({ login, name }) => [login, name]),
    nameOf(source),
    "Choose someone who can be assigned in that source.",
  );
}

/** Finds a person by login, id or name; undefined if there is none. Throws `invalid_input` for an ambiguous name. */
export function findPerson(written: string, people: readonly Somebody[]): Somebody | undefined {
  const login = foldLogin(written);
  const byLogin = people.find((person) => foldLogin(person.login) === login);
  if (byLogin !== undefined) return byLogin;
  const named = people.filter(({ id, name }) => foldName(name) === foldName(written) || id === written);
  if (named.length < 2) return named[0];
  throw new PanopticonError("invalid_input", `${named.length} people are called “${shorten(written)}”.`, {
    hint: "Use the login of the person you mean.",
    candidates: named.map((person) => person.login),
  });
}

async function readMe({ account, config, tracker }: SourceContext): Promise<string> {
  const me = await account();
  if (me !== null) return me.id;
  throw new PanopticonError("invalid_input", `Who “me” is on ${tracker.label} is not known yet.`, {
    hint: `It is fetched in the first sync of ${config.connection}; use a login instead.`,
  });
}

function foldLogin(login: string): string {
  return login.replace(/^@/, "").normalize("NFKC").toLowerCase();
}
