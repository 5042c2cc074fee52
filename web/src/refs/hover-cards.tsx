import { Suspense, useEffect, useState } from "react";
import { loadable } from "../ui/lazy.tsx";
import type { HoverCardProps } from "./hover-card.tsx";
import { refAttribute } from "./link-refs.ts";

/** Delays, so that a passing pointer opens nothing and one on its way to the card may leave the link. */
const openMs = 350;
const closeMs = 150;

const HoverCard = loadable<HoverCardProps>(async () => (await import("./hover-card.tsx")).HoverCard);

type Shown = Pick<HoverCardProps, "anchor" | "address">;

function linkAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(`a[${refAttribute}]`) : null;
}

/**
 * Previews the issue behind a link when the pointer rests on it or it has the keyboard focus. Escape closes. A link that scrolls under a resting pointer counts
 * too, although the pointer enters it only once.
 */
export function HoverCards() {
  const [shown, setShown] = useState<Shown | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** The link whose card is shown or about to be. */
    let link: HTMLElement | null = null;
    const later = (ms: number, next: Shown | null) => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(next), ms);
    };
    const open = (next: HTMLElement) => {
      HoverCard.preload();
      link = next;
      later(openMs, { anchor: next, address: next.getAttribute(refAttribute) ?? "" });
    };
    const hide = () => {
      clearTimeout(timer);
      link = null;
      setShown(null);
    };
    const onPointerOver = (event: PointerEvent) => {
      if (event.pointerType === "touch") return;
      const entered = linkAt(event.target);
      const inCard = event.target instanceof Element && event.target.closest(".hover-card") !== null;
      if (entered !== null) open(entered);
      else if (inCard) clearTimeout(timer);
      else later(closeMs, null);
    };
    const onFocus = ({ target }: FocusEvent) => {
      const focused = linkAt(target);
      if (focused?.matches(":focus-visible")) open(focused);
    };
    const onBlur = ({ target }: FocusEvent) => {
      if (link !== null && linkAt(target) === link && !link.matches(":hover")) hide();
    };
    const onScroll = ({ target }: Event) => {
      // Scrolling elsewhere does not move the link.
      if (link === null || !(target instanceof Node) || !target.contains(link)) return;
      const rested = link;
      hide();
      if (rested.matches(":hover, :focus-visible")) open(rested);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector(".hover-card") === null) return;
      // Close only the card, not what is below it.
      event.stopPropagation();
      event.preventDefault();
      hide();
    };
    document.addEventListener("pointerover", onPointerOver);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", onBlur);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("scroll", onScroll, { capture: true, passive: true });
    document.addEventListener("keydown", onKey, { capture: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", onPointerOver);
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("focusout", onBlur);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("scroll", onScroll, { capture: true });
      document.removeEventListener("keydown", onKey, { capture: true });
    };
  }, []);

  if (shown === null || !shown.anchor.isConnected) return null;
  return (
    <Suspense fallback={null}>
      <HoverCard key={shown.address} {...shown} />
    </Suspense>
  );
}
