import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import { foldName } from "../../../domain/fold-name.ts";
import { beforehand } from "../../beforehand.ts";
import { parseBody } from "../../http/parse-body.ts";
import { learnTags, tagOf } from "../learned.ts";
import * as schema from "../schema.ts";
import type { Tag } from "./write-plan.ts";
import type { RallyParts } from "../parts.ts";

/** Creates a tag with this name unless the workspace has it; looks it up first, so that a lost response does not cause a duplicate. */
export async function makeTag(
  parts: RallyParts,
  workspace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { learned, writes } = parts;
  if ((await beforehand(() => findTag(parts, workspace, name, signal))) !== null) return;
  try {
    const attributes = { Name: name, Workspace: { _ref: `/workspace/${workspace}` } };
    const { object } = await writes.create("tag", attributes, { workspace, fetch: ["ObjectID", "Name"], signal });
    const tag = parseBody(schema.Tag, object, { tracker: "rally", what: "tag" });
    learnTags(learned, workspace, [{ id: String(tag.ObjectID), name: tag.Name }]);
  } catch (error) {
    // Someone else may have created it first.
    const isRefused = isPanopticonError(error) && error.code === "invalid_input";
    if (!isRefused || (await findTag(parts, workspace, name, signal)) === null) throw error;
  }
}

/** `/tag/123` for each; looked up if only the name is known. Throws `not_found`. */
export async function findTagRefs(
  parts: RallyParts,
  workspace: string,
  tags: readonly Tag[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const refs: string[] = [];
  for (const { id, name } of tags) {
    const oid = id ?? (await findTag(parts, workspace, name, signal));
    if (oid === null) {
      throw new PanopticonError("not_found", `There is no tag "${name}" in the Rally workspace.`, {
        tracker: "rally",
        field: "labels",
        hint: "Choose another one, or try again to create it.",
      });
    }
    refs.push(`/tag/${oid}`);
  }
  return refs;
}

async function findTag(
  { client, learned }: RallyParts,
  workspace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const known = tagOf(learned, workspace, name);
  if (known !== null) return known;
  const found = await client.fetchTagsNamed(workspace, name, signal);
  const tags = found.map(({ ObjectID, Name }) => ({ id: String(ObjectID), name: Name }));
  learnTags(learned, workspace, tags);
  return tags.find((tag) => foldName(tag.name) === foldName(name))?.id ?? null;
}
