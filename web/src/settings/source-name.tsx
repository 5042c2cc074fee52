import type { ReactNode } from "react";

type SourceNameProps = {
  /** The source's key in projects.yaml. */
  readonly id: string;
  readonly name: string | undefined;
  /** Renders a text, for example with the search term marked. */
  readonly draw?: (text: string) => ReactNode;
};

/** A source's key and name; the name comes first if the key is only a number. */
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
