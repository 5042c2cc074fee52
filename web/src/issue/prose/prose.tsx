import { Suspense } from "react";
import { loadable } from "../../ui/lazy.tsx";
import type { MarkdownProps } from "./markdown.tsx";

const Markdown = loadable<MarkdownProps>(async () => (await import("./markdown.tsx")).Markdown);

/** Preloads the renderer. */
export const preloadProse = Markdown.preload;

/** Rendered markdown; the renderer is loaded on first use. */
export function Prose(props: MarkdownProps) {
  return (
    <Suspense
      fallback={
        <div className="grid gap-2" aria-busy="true">
          <i className="bone h-3 w-11/12" />
          <i className="bone h-3 w-3/4" />
          <i className="bone h-3 w-5/6" />
        </div>
      }
    >
      <Markdown {...props} />
    </Suspense>
  );
}
