import type { ReactNode } from "react";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import type { Credential } from "./credential-values.ts";

/** A connection's account, its permissions, and the origin of its credentials. `children` appear next to the first credential. */
export function TrackerIdentity({
  tracker,
  children,
}: {
  readonly tracker: TrackerShape;
  readonly children: ReactNode;
}) {
  const { account, server } = tracker;
  const secrets = tracker.credentials.filter(({ secret }) => secret);
  const others = tracker.credentials.filter(({ secret, present, name }) => !secret && present && name !== "server");
  return (
    <dl className="pairs">
      <dt>Account</dt>
      <dd className="wrap-anywhere">
        {account === null ? (
          <span className="text-ink-3">not known yet</span>
        ) : (
          <>
            {account.login}
            {account.name !== "" && account.name !== account.login && ` (${account.name})`}
          </>
        )}
        {server !== null && <span className="text-ink-3"> · {hostOf(server)}</span>}
      </dd>
      {account !== null && account.scopes !== null && (
        <>
          <dt>Scopes</dt>
          <dd className="wrap-anywhere">{account.scopes.length === 0 ? "none" : account.scopes.join(", ")}</dd>
        </>
      )}
      {tracker.warnings.map(({ message, hint }) => (
        <dd key={message} className="col-span-2 flex gap-1.5 text-warn" title={hint ?? undefined}>
          <Icon name="alert" size={14} className="mt-[3px]" />
          <span>
            <Words text={message} />
          </span>
        </dd>
      ))}
      {[...secrets, ...others].map((field, index) => (
        <CredentialRow key={field.name} field={field}>
          {index === 0 && children}
        </CredentialRow>
      ))}
    </dl>
  );
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

/** The origin of a credential, never its value. */
function CredentialRow({ field, children }: { readonly field: Credential; readonly children: ReactNode }) {
  const key = field.env[0] ?? field.name;
  return (
    <>
      <dt title={field.label}>{field.secret ? "Token" : "Also"}</dt>
      <dd className="flex items-start gap-1">
        {field.present ? (
          <span className="min-w-0">
            from{" "}
            {field.stored ? (
              <>
                <code>{field.key}</code> in <code title={field.origin ?? undefined}>.panopticon.env</code>
              </>
            ) : (
              <code>{field.origin ?? key}</code>
            )}
            {field.locked !== null && (
              <Icon name="lock" size={12} className="ml-1 inline align-[-2px] text-ink-3" label={field.locked.reason} />
            )}
          </span>
        ) : (
          <span className="min-w-0 flex-1">
            <span className={field.required ? undefined : "text-ink-3"}>
              <code>{key}</code> is not set
            </span>
            <span className="block text-11 text-ink-3">
              <Words text={field.help} />
            </span>
          </span>
        )}
        {children}
      </dd>
    </>
  );
}
