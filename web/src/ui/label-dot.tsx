/** A label's colour, if its tracker provides one. */
export function LabelDot({ color }: { readonly color: string | null }) {
  if (color === null || !/^#[0-9a-f]{3,8}$/i.test(color)) return null;
  return <i className="dot" style={{ color }} />;
}
