import { useEffect, useState, type RefObject } from "react";

/** A finger's tap is a click only some time after the finger is lifted. */
const tapMs = 300;

/**
 * Whether to keep the size that an element has while it contains the focus, although a press elsewhere takes the focus away: until that press is a click. Otherwise
 * what is pressed would move away under the pointer and miss the click.
 */
export function useHeldSize(element: RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = () => setHeld(false);
    // Not when the focus leaves: Firefox marks what is pressed as `:active` only afterwards.
    const onPress = () => {
      clearTimeout(timer);
      setHeld(element.current?.contains(document.activeElement) === true);
    };
    const onEnd = ({ pointerType }: PointerEvent) => {
      timer = setTimeout(release, pointerType === "mouse" ? 0 : tapMs);
    };
    addEventListener("pointerdown", onPress, { capture: true });
    for (const end of ["pointerup", "pointercancel"] as const) addEventListener(end, onEnd, { capture: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("pointerdown", onPress, { capture: true });
      for (const end of ["pointerup", "pointercancel"] as const) removeEventListener(end, onEnd, { capture: true });
    };
  }, [element]);
  return held;
}
