import { foldName } from "../../../../src/domain/fold-name.ts";

/** Whether the tracker's name differs from the displayed one. */
export function isNews(native: string, shown: string): boolean {
  return foldName(native) !== foldName(shown);
}
