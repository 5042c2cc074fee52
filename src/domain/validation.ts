/** The result of testing credentials, as returned by `POST /api/{tracker}/validate`. */
export type Validation =
  | {
      readonly valid: true;
      readonly message: string;
      readonly account: {
        readonly login: string;
        readonly name: string;
        readonly scopes: readonly string[] | null;
        /** Sentences on rights that the credentials lack; `message` contains them too. */
        readonly missing: readonly string[];
      };
      /** At most a thousand; enough to see that the right account was used. `key` is what goes into projects.yaml. */
      readonly sources: readonly { readonly id: string; readonly key: string; readonly name: string }[];
    }
  | {
      readonly valid: false;
      readonly error: string;
      readonly errorType: "auth" | "query" | "network" | "input";
      readonly hint: string;
      /** The request that failed, with secrets masked. */
      readonly request?: string;
      /** The credential that caused the error. */
      readonly field?: string;
    };
