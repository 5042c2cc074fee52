import { startTransition, useEffect, useState, type ReactNode } from "react";
import { afterPaint } from "../api/after-paint.ts";

/** Renders its children after the surroundings are painted, so that opening something responds immediately. */
export function DrawnLater({ children }: { readonly children: ReactNode }) {
  const [due, setDue] = useState(false);
  useEffect(() => afterPaint(() => startTransition(() => setDue(true))), []);
  return due && children;
}
