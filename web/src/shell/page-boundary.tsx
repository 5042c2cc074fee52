import { Suspense, useEffect, type ReactNode } from "react";
import { LoadBoundary, notLoaded } from "../ui/lazy.tsx";
import { Once } from "../ui/once.tsx";
import { RetryWhenBack, type RetryWhenBackProps } from "./retry-when-back.tsx";

/** Keeps the rest of the dashboard usable when a page fails to load or render. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <LoadBoundary
      fallback={(error, retry, retries) => {
        const why = notLoaded(error);
        if (why === "outdated") {
          return (
            <div className="empty" role="alert">
              <h2>Panopticon was updated</h2>
              <p>Reload to use the new version. Your drafts are kept.</p>
              <ReloadButton className="button mt-3" />
            </div>
          );
        }
        return (
          <div className="empty" role="alert">
            <h2>Couldn’t load this page</h2>
            {why === "silent" ? (
              <p>The Panopticon server isn’t responding. The page loads when the server is back.</p>
            ) : (
              <p className="wrap-anywhere">{error.message}</p>
            )}
            <button type="button" className="button mt-3" onClick={retry}>
              Retry
            </button>
            {why === "silent" && <RetryWhenBack retry={retry} retries={retries} />}
          </div>
        );
      }}
    >
      {children}
    </LoadBoundary>
  );
}

/** Reloads to the dashboard version that the server has now. */
export function ReloadButton(props: { readonly className: string; readonly small?: boolean }) {
  return (
    <button
      type="button"
      className={props.className}
      data-size={props.small === true ? "small" : undefined}
      onClick={() => location.reload()}
    >
      Reload
    </button>
  );
}

/** Escape dismisses an overlay that failed to open. */
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

type OverlayBoundaryProps = {
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Called when loading or rendering failed and the error is shown. */
  readonly onFailure?: () => void;
};

/** Error boundary of overlays: shows a message at the bottom of the page. Also the suspense boundary while they load. */
export function OverlayBoundary({ children, onClose, onFailure }: OverlayBoundaryProps) {
  return (
    <LoadBoundary
      fallback={(error, retry, retries) => (
        <div className="toasts">
          <div className="toast" role="alert">
            <OverlayFailure error={error} retry={retry} retries={retries} />
            <button type="button" className="button" data-kind="quiet" data-size="small" onClick={onClose}>
              Close
            </button>
            <CloseOnEscape onClose={onClose} />
            {onFailure !== undefined && <Once work={onFailure} />}
          </div>
        </div>
      )}
    >
      <Suspense fallback={<CloseOnEscape onClose={onClose} />}>{children}</Suspense>
    </LoadBoundary>
  );
}

/** Why an overlay failed to open, and how to continue. */
function OverlayFailure({ error, retry, retries }: RetryWhenBackProps & { readonly error: Error }) {
  const why = notLoaded(error);
  if (why === "outdated") {
    return (
      <>
        <span>Panopticon was updated. Reload to use the new version. Your drafts are kept.</span>
        <ReloadButton className="button" small />
      </>
    );
  }
  return (
    <>
      <span className="wrap-anywhere">
        {why === "silent"
          ? "The Panopticon server isn’t responding. This opens when the server is back."
          : `Couldn’t open this: ${error.message}`}
      </span>
      <button type="button" className="button" data-size="small" onClick={retry}>
        Retry
      </button>
      {why === "silent" && <RetryWhenBack retry={retry} retries={retries} />}
    </>
  );
}
