/* oxlint-disable jsx-a11y/prefer-tag-over-role -- virtualised rows cannot form a native table */
import type { ReactNode } from "react";

/** The list's column headers; `children` is the checkbox that selects all rows. */
export function ListHead({ children }: { readonly children?: ReactNode }) {
  return (
    <div className="list-head list-row" role="row">
      <span role="columnheader">{children}</span>
      <span role="columnheader">Ref</span>
      <span role="columnheader">Title</span>
      <span role="columnheader">Labels</span>
      <span role="columnheader">Status</span>
      <span role="columnheader">Pri</span>
      <span role="columnheader">Assignee</span>
      <span role="columnheader">Cycle</span>
      <span role="columnheader" className="list-updated">
        Updated
      </span>
      <span role="columnheader" className="list-sync">
        Sync
      </span>
    </div>
  );
}
