import { comparators } from "./schema/comparators.ts";
import { connections } from "./schema/connections.ts";
import { filters } from "./schema/filters.ts";
import { issues } from "./schema/issues.ts";
import { neverFilled } from "./schema/never-filled.ts";
import { queries } from "./schema/queries.ts";
import { sorting } from "./schema/sorting.ts";
import { workspace } from "./schema/workspace.ts";

/**
 * What the emulator answers of Linear's API: the types and fields that reading a workspace's issues touches, plus the ones
 * that the official client always asks for. Everything here exists in the published schema with the same type; a test checks it.
 * Modules instead of .graphql files, so that they go into the bundle of the shipped demo.
 */
export const schemaText = [queries, workspace, issues, connections, comparators, filters, sorting, neverFilled].join(
  "\n",
);
