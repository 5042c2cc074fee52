import type { SourceFormShape } from "../../../../src/server/contract/change.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import type { DraftValues } from "../draft-values.ts";

/** The props of every row of the form. */
export type RowProps = {
  readonly values: DraftValues;
  readonly form: SourceFormShape;
  readonly tracker: TrackerShape | undefined;
  readonly onChange: (part: Partial<DraftValues>) => void;
  /** A field's validation message, by field name. */
  readonly problemOf: (field: string) => string | undefined;
};
