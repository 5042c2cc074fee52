import { foldName } from "../../domain/fold-name.ts";
import type { Cycle } from "../../domain/issue.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { readText } from "./text-words.ts";
import { findByName, unknownWord } from "./unknown-word.ts";

/** A cycle's native id by its name; null for none. Among equal names, prefers one that has not ended. Throws `invalid_input`. */
export async function readCycle(written: unknown, source: SourceContext, now: number): Promise<string | null> {
  if (written === null) return null;
  const name = readText(written, "cycle").trim();
  const { cycles } = await source.vocabulary();
  const isOpen = ({ endsAt }: Cycle) => endsAt === null || endsAt > now;
  const sameName = cycles.filter((cycle) => foldName(cycle.name) === foldName(name));
  const open = sameName.filter(isOpen);
  const found = findByName("cycle", name, open.length > 0 ? open : cycles);
  if (found !== undefined) return found.id;
  // Open cycles are likelier, so suggest them first.
  const known = [...cycles.filter(isOpen), ...cycles].map((cycle) => cycle.name);
  throw unknownWord("cycle", name, known, nameOf(source));
}
