import { Suspense, useEffect, useState } from "react";
import { loadable } from "../ui/lazy.tsx";
import type { HoverCardProps } from "./hover-card.tsx";
import { refAttribute } from "./link-refs.ts";

/** A pointer that only passes by opens nothing; one on its way to the card may leave the link. */
const openMs = 350;
const closeMs = 150;

const HoverCard = loadable<HoverCardProps>(async () => (await import("./hover-card.tsx")).HoverCard);

type Shown = Pick<HoverCardProps, "anchor" | "address">;

function linkAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(`a[${refAttribute}]`) : null;
}

/** Shows what issue a link leads to when the pointer rests on it, or when it has the keyboard's focus. Escape closes. */
export function HoverCards() {
  const [shown, setShown] = useState<Shown | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number, next: Shown | null) => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(next), ms);
    };
    const open = (link: HTMLElement) => {
      HoverCard.preload();
      later(openMs, { anchor: link, address: link.getAttribute(refAttribute) ?? "" });
    };
    const onPointerOver = (event: PointerEvent) => {
      if (event.pointerType === "touch") return;
      const link = linkAt(event.target);
      const inCard = event.target instanceof Element && event.target.closest(".hover-card") !== null;
      if (link !== null) open(link);
      else if (inCard) clearTimeout(timer);
      else later(closeMs, null);
    };
    const onFocus = ({ target }: FocusEvent) => {
      const link = linkAt(target);
      if (link?.matches(":focus-visible")) open(link);
    };
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector(".hover-card") === null) return;
      // Only the card is closed, not what lies below it.
      event.stopPropagation();
      event.preventDefault();
      hide();
    };
    document.addEventListener("pointerover", onPointerOver);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    document.addEventListener("keydown", onKey, { capture: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", onPointerOver);
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("scroll", hide, { capture: true });
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
