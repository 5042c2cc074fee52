/** Renders a sentence, with text between backticks as code. */
export function Words({ text }: { readonly text: string }) {
  // Splitting by a capture group puts the code at odd indexes.
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
