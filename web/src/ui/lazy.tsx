import { Component, use, type ComponentType, type ReactNode } from "react";

/** A component that is loaded when it is first needed; `preload` starts that earlier, on hover or focus. */
export type Loadable<P extends object> = ComponentType<P> & { readonly preload: () => void };

// What could not be loaded (the server was away) is asked for again when the user tries again.
const retries = new Set<() => void>();

/** Suspends while it loads; throws into the nearest boundary when it cannot be loaded. */
export function loadable<P extends object>(load: () => Promise<ComponentType<P>>): Loadable<P> {
  let started: Promise<ComponentType<P>> | undefined;
  const start = () => {
    if (started === undefined) {
      const promise = load();
      started = promise;
      promise.catch(() => retries.add(() => (started = undefined)));
    }
    return started;
  };
  function Loaded(props: P) {
    const Content = use(start());
    return <Content {...props} />;
  }
  return Object.assign(Loaded, { preload: () => void start() });
}

type LoadBoundaryProps = {
  readonly children: ReactNode;
  readonly fallback: (error: Error, retry: () => void) => ReactNode;
};

type State = { readonly error: Error | null };

/** Shows something else where a part of the page could not be loaded or drawn. React has this as a class only. */
export class LoadBoundary extends Component<LoadBoundaryProps, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  readonly retry = (): void => {
    for (const forget of retries) forget();
    retries.clear();
    this.setState({ error: null });
  };

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : this.props.fallback(error, this.retry);
  }
}
