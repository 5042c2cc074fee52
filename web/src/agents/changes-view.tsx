import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { ChangesShape } from "../../../src/server/contract/work.ts";
import { toApiError } from "../api/client.ts";
import { changesQuery } from "../api/work-queries.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { patchLines } from "./patch-lines.ts";
import "./changes.css";

type FileChange = ChangesShape["files"][number];

/** Files expanded initially. */
const openAtFirst = 8;
/** Lines rendered per file before the user asks for more. */
const maxLines = 600;

const omittedWords: Readonly<Record<NonNullable<FileChange["omitted"]>, string>> = {
  binary: "Binary file, not shown.",
  too_large: "File too large to show.",
  no_room: "Not shown: the changes are too large in total.",
  conflicted: "Merge conflict: the file contains both sides.",
};

/** A workspace's changes against its base, file by file. */
export function ChangesView({ workspace }: { readonly workspace: string }) {
  const { data, error } = useQuery(changesQuery(workspace));
  if (data === undefined) {
    return (
      <div className="changes" aria-busy={error === null}>
        {error !== null && (
          <div className="p-4">
            <ErrorNote error={toApiError(error)} />
          </div>
        )}
      </div>
    );
  }
  const { totals, files, base, commits } = data;
  if (totals.files === 0) {
    return (
      <div className="empty">
        <h2>No changes yet</h2>
        <p>Committed and uncommitted changes against {base} appear here.</p>
      </div>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard
    <section className="changes" aria-label="Changes" tabIndex={0}>
      <p className="changes-sum">
        <span>
          {formatNumberOf(totals.files, "file")} changed against {base}
        </span>
        <Counts additions={totals.additions} deletions={totals.deletions} />
        <span className="not-phone">{formatNumberOf(totals.commits, "commit")}</span>
        {commits[0] !== undefined && <span className="truncate not-phone">last: {commits[0].title}</span>}
      </p>
      {files.map((file, index) => (
        <FileSection key={file.path} file={file} open={index < openAtFirst} />
      ))}
      {files.length < totals.files && (
        <p className="p-4 text-12 text-ink-3">{formatNumberOf(totals.files - files.length, "more file")} not shown.</p>
      )}
    </section>
  );
}

export function Counts({ additions, deletions }: { readonly additions: number; readonly deletions: number }) {
  return (
    <span className="change-counts">
      <span className="text-ok">+{formatCount(additions)}</span>{" "}
      <span className="text-bad">−{formatCount(deletions)}</span>
    </span>
  );
}

function FileSection({ file, open }: { readonly file: FileChange; readonly open: boolean }) {
  const [shown, setShown] = useState(open);
  const { path, from, status, additions, deletions, patch, omitted, uncommitted } = file;
  const parts = blocks(additions ?? 0, deletions ?? 0);
  return (
    <details className="change-file" open={shown} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
      <summary>
        <Icon name="right" size={12} className="change-fold" />
        <span className="change-path" title={path}>
          <bdi>{from === null ? path : `${from} → ${path}`}</bdi>
        </span>
        {status !== "modified" && <span className="change-note">{status}</span>}
        {uncommitted && <span className="change-note not-phone">uncommitted</span>}
        {additions !== null && deletions !== null && <Counts additions={additions} deletions={deletions} />}
        <span className="change-bar not-phone" aria-hidden="true">
          {parts.map((part, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- five squares that never move
            <i key={index} data-kind={part} />
          ))}
        </span>
      </summary>
      {shown &&
        (patch === null ? (
          <p className="change-omitted">{omittedWords[omitted ?? "no_room"]}</p>
        ) : (
          <Patch patch={patch} />
        ))}
    </details>
  );
}

/** Five squares that show the proportion of additions to deletions. */
function blocks(additions: number, deletions: number): readonly string[] {
  const all = additions + deletions;
  const filled = Math.min(5, all);
  const added = all === 0 ? 0 : Math.round((filled * additions) / all);
  return Array.from({ length: 5 }, (_, index) => (index < added ? "added" : index < filled ? "removed" : "none"));
}

function Patch({ patch }: { readonly patch: string }) {
  const lines = useMemo(() => patchLines(patch), [patch]);
  const [all, setAll] = useState(false);
  const drawn = all ? lines : lines.slice(0, maxLines);
  return (
    <>
      <div className="patch">
        <table>
          <tbody>
            {drawn.map((line, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- lines of a patch, which re-render with it
              <tr key={index} data-kind={line.kind}>
                <td className="patch-number">{line.before}</td>
                <td className="patch-number">{line.after}</td>
                <td className="patch-sign">{line.kind === "added" ? "+" : line.kind === "removed" ? "−" : ""}</td>
                <td className="patch-text">{line.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {drawn.length < lines.length && (
        <button type="button" className="button m-2" data-size="small" onClick={() => setAll(true)}>
          Show {formatCount(lines.length - drawn.length)} more lines
        </button>
      )}
    </>
  );
}
