import { useEffect, useRef, type ReactNode } from "react";
import { useLive } from "../live/live-store.ts";
import { LoadBoundary, notLoaded } from "../ui/lazy.tsx";

/** Keeps the rest of the dashboard usable when a page cannot be loaded or drawn. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <LoadBoundary
      fallback={(error, retry) => {
        const why = notLoaded(error);
        if (why === "outdated") {
          return (
            <div className="empty" role="alert">
              <h2>Panopticon was updated</h2>
              <p>This page is from before the update. What you have typed is kept.</p>
              <ReloadButton className="button mt-3" />
            </div>
          );
        }
        return (
          <div className="empty" role="alert">
            <h2>This page could not be shown</h2>
            {why === "silent" ? (
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
            {why === "silent" && <RetryWhenBack retry={retry} />}
          </div>
        );
      }}
    >
      {children}
    </LoadBoundary>
  );
}

/** Loads the dashboard that the server has now. */
export function ReloadButton(props: { readonly className: string; readonly small?: boolean }) {
  return (
    <button
      type="button"
      className={props.className}
      data-size={props.small === true ? "small" : undefined}
      onClick={() => location.reload()}
    >
      Reload the page
    </button>
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
      fallback={(error, retry) => (
        <div className="toasts">
          <div className="toast" role="alert">
            {notLoaded(error) === "outdated" ? (
              <>
                <span>Panopticon was updated, and this page is from before. What you have typed is kept.</span>
                <ReloadButton className="button" small />
              </>
            ) : (
              <>
                <span>This could not be loaded: the Panopticon server does not answer.</span>
                <button type="button" className="button" data-size="small" onClick={retry}>
                  Try again
                </button>
              </>
            )}
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
