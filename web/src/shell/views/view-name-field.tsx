import type { RefObject } from "react";

type ViewNameFieldProps = {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly name: string;
  /** Why the last attempt failed, if it did. */
  readonly error: Error | null;
  readonly onChange: (name: string) => void;
};

/** Where a view's name is typed. */
export function ViewNameField({ field, name, error, onChange }: ViewNameFieldProps) {
  return (
    <label className="grid gap-1 text-12">
      <span className="text-ink-3">Name</span>
      <input
        ref={field}
        className="h-8 rounded-r2 border border-line-2 bg-card px-2"
        value={name}
        maxLength={80}
        dir="auto"
        aria-invalid={error !== null}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
