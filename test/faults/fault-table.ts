import type { FaultRow } from "./fault-row.ts";
import { answerRows } from "./rows/answers.ts";
import { changeRows } from "./rows/changes.ts";
import { limitRows } from "./rows/limits.ts";
import { surroundingRows } from "./rows/surroundings.ts";

/** Every fault of one tracker while the others work. */
export const faultTable: readonly FaultRow[] = [...limitRows, ...answerRows, ...surroundingRows, ...changeRows];
