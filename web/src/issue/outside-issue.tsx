import type { ReactNode } from "react";
import { outsideAddress } from "../files/outside-address.ts";

type OutsideIssueProps = {
  /** Where its tracker shows it; null: the tracker does not tell. */
  readonly url: string | null;
  readonly className?: string;
  readonly children: ReactNode;
};

/** Leads to an issue that is not mirrored, at its tracker; where that is not known it is only named. */
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
