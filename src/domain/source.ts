/** A part of a tracker that is to be mirrored, as the configuration names it. */
export type SourceConfig = {
  /** Stable inside one configuration: `github:myorg/myapp`, `work/github:…` for a named connection. */
  readonly id: string;
  readonly tracker: string;
  /** Id of the connection it is read through. */
  readonly connection: string;
  /** Id of the project in projects.yaml. */
  readonly project: string;
  readonly projectName: string;
  /** What the user wrote: `myorg/myapp`, `APP`. */
  readonly key: string;
  /** The prefix of an issue's key in a ref; empty for trackers whose keys are complete. */
  readonly refPrefix: string;
  /** How long closed issues are mirrored, in milliseconds; null: all of them. */
  readonly historyMs: number | null;
  /** Overrides of the detected status mapping, status → native name or `label:name`. */
  readonly stateOverrides: Readonly<Record<string, string>>;
  readonly shadow: boolean;
};

/** A source as the tracker knows it. */
export type SourceInfo = {
  /** The tracker's immutable id. */
  readonly id: string;
  /** What goes into projects.yaml. */
  readonly key: string;
  readonly name: string;
  readonly url: string | null;
  /** false: listed, but these credentials cannot read its issues; `reason` says why. */
  readonly readable: boolean;
  readonly reason: string | null;
};

/** The id of a source that could not be checked with its tracker, why, as a sentence, and what to do about it. */
export type UncheckedSource = { readonly source: string; readonly reason: string; readonly hint?: string | undefined };
