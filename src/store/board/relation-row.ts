import type { RelationType } from "../../domain/issue.ts";

/** A relation with what is mirrored of the other issue. */
export type RelationRow = {
  readonly native_id: string;
  readonly type: RelationType;
  readonly target: string;
  readonly ref: string | null;
  readonly url: string | null;
  /** What its tracker calls one that is not mirrored. */
  readonly known_as?: string | null;
  readonly source_id: number | null;
  readonly title: string | null;
  readonly status: number | null;
};
