import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { Icon } from "./icon.tsx";
import { Words } from "./words.tsx";

type ProblemListProps = { readonly problems: TrackersShape["problems"]; readonly className?: string };

/** Problems in the configuration files, with their locations. */
export function ProblemList({ problems, className = "" }: ProblemListProps) {
  return (
    <ul className={`grid gap-px overflow-hidden rounded-r3 ${className}`} aria-label="Configuration problems">
      {problems.map((problem) => (
        <li
          key={`${problem.file}:${problem.line}:${problem.message}`}
          className={`flex items-start gap-2 px-4 py-2 text-12 ${problem.severity === "error" ? "bg-bad-bg" : "bg-warn-bg"}`}
        >
          <Icon
            name="alert"
            size={14}
            className={`mt-[3px] ${problem.severity === "error" ? "text-bad" : "text-warn"}`}
            label={problem.severity}
          />
          <div className="min-w-0 wrap-anywhere">
            <p>
              <code className="font-mono">
                {[problem.file, problem.line, problem.column].filter((part) => part !== null).join(":")}
              </code>{" "}
              <Words text={problem.message} />
            </p>
            {problem.hint !== null && (
              <p className="text-ink-2">
                <Words text={problem.hint} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
