import type { ReactNode } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { FieldMenu } from "../fields/field-menu.tsx";
import { fieldLabels, type FieldName } from "../fields/field-name.ts";
import { PopoverPicker } from "../ui/picker-button.tsx";
import { Words } from "../ui/words.tsx";
import { KeptValue } from "./kept-value.tsx";

type PropertyProps = {
  readonly name: string;
  readonly below?: string | null;
  /** Starts a new section. */
  readonly first?: boolean;
  /** Hidden on phones. */
  readonly minor?: boolean;
  readonly children: ReactNode;
  /** Set for a property that may be edited. */
  readonly field?: FieldName;
  readonly issue?: IssueShape;
  readonly editable?: boolean;
  /** The user's value if the tracker has another one. */
  readonly keptValue?: string | undefined;
  /** Links, which cannot be inside a button. */
  readonly beside?: ReactNode;
};

/** A line of the properties; a button with the field's menu if it can be edited. */
export function Property({
  name,
  below = null,
  first = false,
  minor = false,
  children,
  beside,
  keptValue,
  ...edit
}: PropertyProps) {
  const { field, issue, editable = false } = edit;
  const more = below !== null && (
    <span className="below" dir="auto" title={below}>
      <Words text={below} />
    </span>
  );
  return (
    <div
      className="property"
      data-first={first || undefined}
      data-minor={minor || undefined}
      data-editable={editable || undefined}
    >
      <dt>{name}</dt>
      <dd>
        {beside}
        {editable && field !== undefined && issue !== undefined ? (
          <PopoverPicker
            className="property-button"
            label={fieldLabels[field]}
            fieldName={field}
            trigger={
              <>
                {children}
                {more}
              </>
            }
          >
            {(close) => <FieldMenu field={field} issues={[issue]} onDone={close} />}
          </PopoverPicker>
        ) : (
          <>
            {children}
            {more}
          </>
        )}
        <KeptValue words={keptValue} />
      </dd>
    </div>
  );
}
