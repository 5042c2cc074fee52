import { useEffect, useState } from "react";
import { api } from "../../api/endpoints.ts";
import { readDraft, returnDraft, writeDraft } from "../../editor/drafts.ts";
import type { LiveStore } from "../../live/live-store.ts";
import type { NoticeStore } from "../notices.ts";
import type { OwnStep } from "../own-steps.ts";
import { untilReachable } from "../until-reachable.ts";
import { holdPage, sendLeft } from "./send-left.ts";
import { createUnsentStore, type UnsentCall, type UnsentStore } from "./unsent.ts";

type UnsentParts = {
  readonly live: LiveStore;
  readonly notices: NoticeStore;
  /** Makes a step undoable in this tab. */
  readonly remember: (step: OwnStep) => void;
};

/** Nothing is kept without locks, which tell whether a page is open. */
const keepsNothing: UnsentStore = { keep: () => undefined, forget: () => undefined };

/** Where this page keeps changes that wait for the server. Sends those that closed pages have left. */
export function useUnsent({ live, notices, remember }: UnsentParts): UnsentStore {
  const [page] = useState(() => crypto.randomUUID());
  const [store] = useState(() => (navigator.locks === undefined ? keepsNothing : createUnsentStore(page)));
  useEffect(() => {
    const { locks } = navigator;
    if (locks === undefined) return undefined;
    holdPage(page, locks);
    let sent = 0;
    return sendLeft(page, {
      locks,
      change: api.change,
      read: (address) => api.issue(address),
      untilReachable: () => untilReachable(live),
      onSent: ({ step, what, isUndo }) => {
        sent += 1;
        if (!isUndo) remember({ step, what });
        const said = isUndo ? `Undone: ${what}` : what;
        notices.say(
          sent === 1
            ? `Sent now, after its page was closed: ${said}`
            : `Sent now, after their page was closed: ${sent} changes, the last of them: ${said}`,
        );
      },
      onFailure: ({ what }, calls, error) => {
        returnTexts(calls);
        notices.fail(`Not sent: ${what}`, error);
      },
    });
  }, [page, live, notices, remember]);
  return store;
}

/** Puts texts back into their fields. */
function returnTexts(calls: readonly UnsentCall[]): void {
  for (const { draft, text, joins } of calls.flatMap(({ texts = [] }) => texts)) {
    if (joins) returnDraft(draft, text);
    else if (readDraft(draft) === null) writeDraft(draft, text);
  }
}
