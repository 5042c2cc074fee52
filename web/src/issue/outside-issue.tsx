import type { ReactNode } from "react";
import { outsideAddress } from "../files/outside-address.ts";

type OutsideIssueProps = {
  /** The issue's URL in its tracker; null: unknown. */
  readonly url: string | null;
  readonly className?: string;
  readonly children: ReactNode;
};

/** Links to an issue that is not mirrored, in its tracker; plain text if its URL is unknown. */
export function OutsideIssue({ url, className, children }: OutsideIssueProps) {
  const href = url === null ? undefined : outsideAddress(url);
  const title = href === undefined ? "Not mirrored" : "Not mirrored: opens in its tracker";
  if (href === undefined) {
    return (
      <span className={className} title={title}>
        {children}
      </span>
    );
  }
  return (
    <a className={className} title={title} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
