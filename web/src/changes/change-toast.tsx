import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePathname } from "wouter/use-browser-location";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { currentSearch } from "../filter/canonical.ts";
import { issueInPath, openIssue } from "../routes.ts";
import { Words } from "../ui/words.tsx";
import { courseOf } from "./change-course.tsx";
import type { ChangeGroup } from "./change-group.ts";
import { useChanges, useNotices } from "./changes-provider.tsx";
import { useChangeStore } from "./local-changes.tsx";
import { leastMs, Toast, ToastButton, UndoButton } from "./toast.tsx";
import { useOutbox } from "./use-outbox.ts";

/** The last change: how far it has come, and its undo. */
export function ChangeToast({ group, onClose }: { readonly group: ChangeGroup; readonly onClose: () => void }) {
  const operations = useOutbox();
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { undo } = useChanges();
  const othersWait = useNotices((notices) => notices.waits);
  const store = useChangeStore();
  const used = [...new Set(group.edits.map(({ issue }) => issue.tracker))];
  const [first] = used;
  const label = trackers?.find(({ id }) => id === first)?.label ?? first;
  const where = used.length > 1 ? `${used.length} trackers` : (label ?? "the tracker");
  const { icon, words, settled, trouble } = courseOf(group, operations, where, othersWait);
  const { created } = group;
  const open = issueInPath(usePathname())?.toLowerCase();
  const isOpen = trouble !== undefined && [trouble.ref, trouble.address].some((name) => name.toLowerCase() === open);
  // The issue's ref once its tracker has assigned it.
  const named = useQuery({ ...issueQuery(created?.address ?? ""), enabled: created !== undefined && settled }).data;

  // Keep cards where they were dropped while this toast is shown.
  useEffect(
    () => () => store.release(new Set(store.get().flatMap(({ id }) => (id < group.id ? [id] : [])))),
    [store, group.id],
  );

  return (
    <Toast
      icon={icon}
      shownMs={settled ? leastMs : null}
      onClose={onClose}
      actions={
        <>
          {created !== undefined && (
            <ToastButton onPress={() => openIssue(named?.address ?? created.address, currentSearch())}>
              Open
            </ToastButton>
          )}
          {created === undefined && trouble !== undefined && !isOpen && (
            <ToastButton onPress={() => openIssue(trouble.address, currentSearch())}>
              {trouble.state === "conflict" ? "Review" : "Open"}
            </ToastButton>
          )}
          <UndoButton onUndo={() => undo(group.id)} />
        </>
      }
    >
      <Words text={named === undefined ? group.what : `${named.ref} ${created?.words}`} />
      {words !== "" && (
        <span className="text-ink-3">
          {" "}
          · <Words text={words} />
        </span>
      )}
    </Toast>
  );
}
