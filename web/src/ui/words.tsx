import { withoutDirections } from "./isolate.ts";

/** Text between backticks, and text that a sentence quotes; a quoted text may itself contain a closing quote. */
const parts = /(`[^`]+`|“[^“]*”)/;

/** Renders a sentence, with text between backticks as code. What the sentence quotes cannot change the direction of its other words. */
export function Words({ text }: { readonly text: string }) {
  // Splitting by a capture group puts the parts at odd indexes.
  return withoutDirections(text)
    .split(parts)
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const inner = part.slice(1, -1);
      return part.startsWith("`") ? (
        <code key={`${index}${part}`} className="font-mono">
          {inner}
        </code>
      ) : (
        <span key={`${index}${part}`}>
          “<bdi>{inner}</bdi>”
        </span>
      );
    });
}
