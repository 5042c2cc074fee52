import { statusLabels } from "../../../src/domain/status.ts";
import { cardKey, type CardChange } from "../board/data/board-data.ts";
import type { LiveStore } from "./live-store.ts";

const freshMs = 1600;

/** Marks changed cards for a moment and announces them to screen readers. */
export function createAnnouncer(store: LiveStore): { show(changes: readonly CardChange[]): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    show: (changes) => {
      if (changes.length === 0) return;
      const words =
        changes.length <= 3 ? changes.map(describe).join(", ") : `${changes.length} issues on the board changed`;
      store.set({ fresh: new Set(changes.map(({ issue }) => cardKey(issue))), announcement: words });
      clearTimeout(timer);
      timer = setTimeout(() => store.set({ fresh: new Set() }), freshMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function describe({ issue, from }: CardChange): string {
  if (from !== null && from !== issue.status) return `${issue.ref} moved to ${statusLabels[issue.status]}`;
  return from === null ? `${issue.ref} is now in ${statusLabels[issue.status]}` : `${issue.ref} changed`;
}
