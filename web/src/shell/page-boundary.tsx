import { Component, type ReactNode } from "react";

type State = { readonly error: Error | null };

/** Catches what a page throws while it is drawn, so that the rest of the dashboard stays usable. React has this as a class only. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h2>This page could not be shown</h2>
        <p>{error.message}</p>
        <button type="button" className="button mt-3" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    );
  }
}
