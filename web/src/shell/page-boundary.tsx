import type { ReactNode } from "react";
import { LoadBoundary } from "../ui/lazy.tsx";

/** Keeps the rest of the dashboard usable when a page cannot be loaded or drawn. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <LoadBoundary
      fallback={(error, retry) => (
        <div className="empty" role="alert">
          <h2>This page could not be shown</h2>
          <p className="wrap-anywhere">{error.message}</p>
          <button type="button" className="button mt-3" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    >
      {children}
    </LoadBoundary>
  );
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
          </div>
        </div>
      )}
    >
      {children}
    </LoadBoundary>
  );
}
