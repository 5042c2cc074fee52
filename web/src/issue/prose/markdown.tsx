import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { fileAddress, linkedFile, ownAddress } from "../../files/file-address.ts";
import { useFilePlaces } from "../../files/file-places.tsx";
import { useKnownRefs } from "../../refs/known-refs.tsx";
import { refAttribute } from "../../refs/link-refs.ts";
import { followIssueLink } from "../issue-link.tsx";
import { renderMarkdown } from "./render-markdown.ts";
import "./prose.css";
import "./code.css";

/** Whether the text has a code block to highlight, which loads the highlighter. */
function namesLanguage(html: string): boolean {
  return html.includes('<code class="language-');
}

export type MarkdownProps = {
  readonly text: string;
  /** Called when a task is ticked or unticked, with its index from 0. Without it, tasks are read-only. */
  readonly onTask?: ((index: number, checked: boolean) => void) | undefined;
  readonly base: string | null;
  /** The issue's connection; images that need a login are requested with it. */
  readonly connection: string | undefined;
};

/** If the server could not get an image, the browser may try the original URL. */
function tryOwnAddress({ target }: Event): void {
  if (!(target instanceof HTMLImageElement)) return;
  const own = ownAddress(target.src);
  if (own !== null) target.src = own;
}

export function Markdown({ text, base, connection, onTask }: MarkdownProps) {
  const places = useFilePlaces();
  const refs = useKnownRefs();
  const html = useMemo(
    () =>
      renderMarkdown(
        text,
        base,
        {
          picture: (address) => fileAddress(address, places, connection),
          file: (address) => linkedFile(address, places, connection),
        },
        refs,
      ),
    [text, base, places, connection, refs],
  );
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = container.current;
    // An image's error event does not bubble, so capture it.
    element?.addEventListener("error", tryOwnAddress, true);
    return () => element?.removeEventListener("error", tryOwnAddress, true);
  }, []);
  useEffect(() => {
    const element = container.current;
    if (element === null || !namesLanguage(html)) return;
    import("./highlight-code.ts").then(
      ({ highlightCode }) => highlightCode(element),
      // Without the highlighter the code is shown plain.
      () => undefined,
    );
  }, [html]);
  useEffect(() => {
    const element = container.current;
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest(`a[${refAttribute}]`) : null;
      const address = link?.getAttribute(refAttribute);
      if (address != null) followIssueLink(event, address);
    };
    element?.addEventListener("click", onClick);
    return () => element?.removeEventListener("click", onClick);
  }, []);
  // Runs after the HTML is set, which recreates the checkboxes.
  useEffect(() => {
    for (const box of container.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? []) {
      box.disabled = onTask === undefined;
      box.ariaLabel = box.closest("li")?.textContent.trim().slice(0, 200) ?? "Task";
    }
  }, [html, onTask]);
  useEffect(() => {
    // Make horizontally scrolling blocks focusable for keyboard scrolling, also when they become so on resize.
    const blocks = container.current?.querySelectorAll<HTMLElement>("pre, table") ?? [];
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target instanceof HTMLElement && target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      }
    });
    for (const block of blocks) observer.observe(block);
    return () => observer.disconnect();
  }, [html]);
  // At once with the text: a later listener would tick a task of the text before.
  useLayoutEffect(() => {
    const element = container.current;
    if (element === null || onTask === undefined) return undefined;
    const onChange = ({ target }: Event) => {
      const boxes = [...element.querySelectorAll("input[type=checkbox]")];
      if (target instanceof HTMLInputElement) onTask(boxes.indexOf(target), target.checked);
    };
    element.addEventListener("change", onChange);
    return () => element.removeEventListener("change", onChange);
  }, [onTask]);
  // oxlint-disable-next-line react/no-danger -- renderMarkdown sanitises it
  return <div ref={container} className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
