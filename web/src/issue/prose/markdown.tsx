import { useEffect, useMemo, useRef } from "react";
import { fileAddress, linkedFile, ownAddress } from "../../files/file-address.ts";
import { useFilePlaces } from "../../files/file-places.tsx";
import { useKnownRefs } from "../../refs/known-refs.tsx";
import { refAttribute } from "../../refs/link-refs.ts";
import { followIssueLink } from "../issue-link.tsx";
import { renderMarkdown } from "./render-markdown.ts";
import "./prose.css";
import "./code.css";

/** Whether there is a code block to colour: the highlighter is loaded with the first. */
function namesLanguage(html: string): boolean {
  return html.includes('<code class="language-');
}

export type MarkdownProps = {
  readonly text: string;
  /** Called when a task of the text's own is ticked: its number from 0, and whether it is done now. Without it tasks are only shown. */
  readonly onTask?: ((index: number, checked: boolean) => void) | undefined;
  readonly base: string | null;
  /** Whose issue it is: pictures that need a login are asked for with this connection's. */
  readonly connection: string | undefined;
};

/** A picture that the server could not get may still be one that the browser can. */
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
    // An image's error does not bubble.
    element?.addEventListener("error", tryOwnAddress, true);
    return () => element?.removeEventListener("error", tryOwnAddress, true);
  }, []);
  useEffect(() => {
    const element = container.current;
    if (element === null || !namesLanguage(html)) return;
    import("./highlight-code.ts").then(
      ({ highlightCode }) => highlightCode(element),
      // Without colours the code is there all the same.
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
  // After the text is put in, which makes its boxes anew.
  useEffect(() => {
    for (const box of container.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? []) {
      box.disabled = onTask === undefined;
      box.ariaLabel = box.closest("li")?.textContent.trim().slice(0, 200) ?? "Task";
    }
  }, [html, onTask]);
  useEffect(() => {
    // What scrolls sideways can be scrolled without a pointer, too: also where it does so once there is less room.
    const blocks = container.current?.querySelectorAll<HTMLElement>("pre, table") ?? [];
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target instanceof HTMLElement && target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      }
    });
    for (const block of blocks) observer.observe(block);
    return () => observer.disconnect();
  }, [html]);
  useEffect(() => {
    const element = container.current;
    if (element === null || onTask === undefined) return undefined;
    const onChange = ({ target }: Event) => {
      const boxes = [...element.querySelectorAll("input[type=checkbox]")];
      if (target instanceof HTMLInputElement) onTask(boxes.indexOf(target), target.checked);
    };
    element.addEventListener("change", onChange);
    return () => element.removeEventListener("change", onChange);
  }, [onTask]);
  // oxlint-disable-next-line react/no-danger -- this is what renderMarkdown sanitises for
  return <div ref={container} className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
