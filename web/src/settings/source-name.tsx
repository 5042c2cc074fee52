import type { ReactNode } from "react";

type SourceNameProps = {
  /** What stands in projects.yaml. */
  readonly id: string;
  readonly name: string | undefined;
  /** Draws a text: with what was searched for marked. */
  readonly draw?: (text: string) => ReactNode;
};

/** A source by its key and its name; by its name first where the key is only a number. */
export function SourceName({ id, name, draw = (text) => text }: SourceNameProps) {
  if (name === undefined || name === id) return draw(id);
  const [first, second] = /\p{L}/u.test(id) ? [id, name] : [name, id];
  return (
    <>
      {draw(first)}
      <span className="text-ink-3"> {draw(second)}</span>
    </>
  );
}
