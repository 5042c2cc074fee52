/** What testing credentials found, as `POST /api/{tracker}/validate` answers it. */
export type Validation =
  | {
      readonly valid: true;
      readonly message: string;
      readonly account: { readonly login: string; readonly name: string; readonly scopes: readonly string[] | null };
      /** At most a thousand; enough to see that the right account was used. `key` is what goes into projects.yaml. */
      readonly sources: readonly { readonly id: string; readonly key: string; readonly name: string }[];
    }
  | {
      readonly valid: false;
      readonly error: string;
      readonly errorType: "auth" | "query" | "network" | "input";
      readonly hint: string;
      /** What was asked when it failed, with secrets masked. */
      readonly request?: string;
      /** The credential it is about. */
      readonly field?: string;
    };
