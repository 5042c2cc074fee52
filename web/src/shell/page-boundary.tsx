import { useEffect, useRef, type ReactNode } from "react";
import { useLive } from "../live/live-store.ts";
import { LoadBoundary, isNotLoaded } from "../ui/lazy.tsx";

/** Keeps the rest of the dashboard usable when a page cannot be loaded or drawn. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <LoadBoundary
      fallback={(error, retry) => (
        <div className="empty" role="alert">
          <h2>This page could not be shown</h2>
          {isNotLoaded(error) ? (
            <p>
              Its part of the program could not be loaded: the Panopticon server does not answer. It is shown once the
              server is back.
            </p>
          ) : (
            <p className="wrap-anywhere">{error.message}</p>
          )}
          <button type="button" className="button mt-3" onClick={retry}>
            Try again
          </button>
          {isNotLoaded(error) && <RetryWhenBack retry={retry} />}
        </div>
      )}
    >
      {children}
    </LoadBoundary>
  );
}

/** Tries again as soon as the server answers. */
function RetryWhenBack({ retry }: { readonly retry: () => void }) {
  const connection = useLive("connection");
  const before = useRef(connection);
  useEffect(() => {
    if (connection === "open" && before.current !== "open") retry();
    before.current = connection;
  }, [connection, retry]);
  return null;
}

/** What was to open closes with the key that would have closed it. */
function CloseOnEscape({ onClose }: { readonly onClose: () => void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onClose();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onClose]);
  return null;
}

type OverlayBoundaryProps = { readonly children: ReactNode; readonly onClose: () => void };

/** The same for what opens over a page: a line at the bottom instead. */
export function OverlayBoundary({ children, onClose }: OverlayBoundaryProps) {
  return (
    <LoadBoundary
      fallback={(_, retry) => (
        <div className="toasts">
          <div className="toast" role="alert">
            <span>This could not be loaded: the Panopticon server does not answer.</span>
            <button type="button" className="button" data-size="small" onClick={retry}>
              Try again
            </button>
            <button type="button" className="button" data-kind="quiet" data-size="small" onClick={onClose}>
              Close
            </button>
            <CloseOnEscape onClose={onClose} />
          </div>
        </div>
      )}
    >
      {children}
    </LoadBoundary>
  );
}
