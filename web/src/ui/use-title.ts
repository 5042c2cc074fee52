import { useEffect, useRef } from "react";

type Shown = { text: string | null };

/** What is shown, the last on top: an issue over the board names the window until it is closed. */
const shown: Shown[] = [];

/** Names the window, its tab and its entry in the history by what it shows, as long as that is shown. Null: what lies below names it. */
export function useTitle(text: string | null): void {
  const own = useRef<Shown>({ text: null });
  useEffect(() => {
    const entry = own.current;
    shown.push(entry);
    return () => {
      shown.splice(shown.indexOf(entry), 1);
      nameWindow();
    };
  }, []);
  useEffect(() => {
    own.current.text = text;
    nameWindow();
  }, [text]);
}

function nameWindow(): void {
  const top = shown.findLast((entry) => entry.text !== null);
  document.title = top === undefined ? "Panopticon" : `${top.text} · Panopticon`;
}
