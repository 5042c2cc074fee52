import { useEffect, useRef, useState } from "react";
import { Icon, type IconName } from "./icon.tsx";

type CopyButtonProps = {
  readonly text: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly className?: string;
};

/** Copies a text and briefly shows whether it succeeded. */
export function CopyButton({ text, label, icon = "copy", className = "" }: CopyButtonProps) {
  const [said, setSaid] = useState<"copied" | "failed" | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = () => {
    navigator.clipboard
      .writeText(text)
      .then(
        () => setSaid("copied"),
        () => setSaid("failed"),
      )
      .finally(() => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setSaid(null), 1500);
      });
  };
  const words = said === "copied" ? "Copied" : said === "failed" ? "Couldn’t copy: the browser blocked it" : label;
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={words} title={words} onClick={copy}>
      <Icon
        name={said === "copied" ? "check" : said === "failed" ? "alert" : icon}
        className={said === "copied" ? "text-ok" : said === "failed" ? "text-bad" : undefined}
      />
      <output className="sr-only">{said === null ? "" : words}</output>
    </button>
  );
}
