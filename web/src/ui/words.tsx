/** A sentence in which what stands between backticks is code. */
export function Words({ text }: { readonly text: string }) {
  // Splitting by a group gives the code at the odd places.
  return text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={`${index}${part}`} className="font-mono">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
