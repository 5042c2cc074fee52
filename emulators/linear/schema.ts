import { comparators } from "./schema/comparators.ts";
import { connections } from "./schema/connections.ts";
import { filters } from "./schema/filters.ts";
import { issues } from "./schema/issues.ts";
import { neverFilled } from "./schema/never-filled.ts";
import { queries } from "./schema/queries.ts";
import { sorting } from "./schema/sorting.ts";
import { workspace } from "./schema/workspace.ts";

/**
 * The emulated part of Linear's API: the types and fields needed to read a workspace's issues, plus those the official client always requests. Everything here
 * exists in the published schema with the same type, which a test checks.
 * Modules instead of .graphql files, so that the demo's bundle includes them.
 */
export const schemaText = [queries, workspace, issues, connections, comparators, filters, sorting, neverFilled].join(
  "\n",
);
