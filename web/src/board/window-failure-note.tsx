import { toApiError } from "../api/client.ts";
import { RetryWhenBack } from "../shell/retry-when-back.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import type { WindowFailure } from "./data/use-next-windows.ts";

type WindowFailureNoteProps = { readonly failure: WindowFailure; readonly onRetry: () => void };

/** Why more of a column failed to load; it is also retried automatically. */
export function WindowFailureNote({ failure: { error, retries }, onRetry }: WindowFailureNoteProps) {
  return (
    <>
      <ErrorNote error={toApiError(error)} onRetry={onRetry} />
      <RetryWhenBack retry={onRetry} retries={retries} />
    </>
  );
}
