import type { RelationType } from "../../domain/issue.ts";

/** A relation with the mirrored data of the other issue. */
export type RelationRow = {
  readonly native_id: string;
  readonly type: RelationType;
  readonly target: string;
  readonly ref: string | null;
  readonly url: string | null;
  /** The tracker's name of an issue that is not mirrored. */
  readonly known_as?: string | null;
  readonly source_id: number | null;
  readonly title: string | null;
  readonly status: number | null;
};
