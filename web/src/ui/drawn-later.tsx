import { startTransition, useEffect, useState, type ReactNode } from "react";
import { afterPaint } from "../api/after-paint.ts";

/** Draws its content once what stands around it is on the screen, so that opening something answers at once. */
export function DrawnLater({ children }: { readonly children: ReactNode }) {
  const [due, setDue] = useState(false);
  useEffect(() => afterPaint(() => startTransition(() => setDue(true))), []);
  return due && children;
}
