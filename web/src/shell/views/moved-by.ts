import type { ViewShape } from "../../../../src/server/contract/project.ts";

/** The views after one of them moved up (-1) or down (1), and its new position; null if it is at that end already, or gone. */
export function movedBy(
  views: readonly ViewShape[],
  id: string,
  step: 1 | -1,
): { readonly views: readonly ViewShape[]; readonly position: number } | null {
  const from = views.findIndex((view) => view.id === id);
  const to = from + step;
  const moved = views[from];
  if (moved === undefined || to < 0 || to >= views.length) return null;
  const ordered = views.toSpliced(from, 1).toSpliced(to, 0, moved);
  return { views: ordered.map((view, index) => ({ ...view, position: index + 1 })), position: to + 1 };
}
