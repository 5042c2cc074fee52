import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { fileAddress, isPicture } from "../files/file-address.ts";
import { useFilePlaces } from "../files/file-places.tsx";
import { Icon } from "../ui/icon.tsx";
import { useShowMore } from "../ui/show-more.tsx";

type AttachmentsProps = {
  readonly attachments: IssueDetailShape["attachments"];
  readonly connection: string | undefined;
};

/** An issue's files and links. Files stored in the tracker are proxied through the server, which has the credentials. */
export function Attachments({ attachments, connection }: AttachmentsProps) {
  const places = useFilePlaces();
  const { shown, more } = useShowMore(attachments);
  if (attachments.length === 0) return null;
  return (
    <section className="issue-section" aria-label="Attachments">
      <h3>Attachments</h3>
      <ul>
        {shown.map(({ id, name, url, size }) => {
          const href = fileAddress(url, places, connection);
          const isOurs = href?.startsWith("/api/files?") === true;
          const words = (
            <>
              <Icon name={isOurs ? "file" : "ext"} size={14} className="text-ink-3" />
              <span className="truncate">{name}</span>
              {size !== null && <span className="flex-none text-ink-3">{sizeWords(size)}</span>}
            </>
          );
          return (
            <li key={id}>
              {href === null ? (
                <span className="relation flex!" title="This link can’t be opened from here">
                  {words}
                </span>
              ) : (
                <a
                  className="relation flex!"
                  href={href}
                  target="_blank"
                  rel="noopener noreferrer"
                  // The file name for a download.
                  download={isOurs && !isPicture(name) ? name : undefined}
                >
                  {words}
                </a>
              )}
            </li>
          );
        })}
      </ul>
      {more}
    </section>
  );
}

/** `12 KB`, `3.4 MB` */
function sizeWords(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit] ?? ""}`;
}
