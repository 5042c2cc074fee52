import type { Hook, HookRegistry } from "../server/hook-registry.ts";
import { entityNotFound, forbidden, inputError } from "./errors.ts";
import type { RequestContext } from "./request-context.ts";
import type { ResolverMap } from "./resolver-map.ts";
import type { LinearState } from "./state.ts";
import { done, requireWrite } from "./write-input.ts";

type Input = {
  readonly url?: string | null;
  readonly secret?: string | null;
  readonly teamId?: string | null;
  readonly resourceTypes?: readonly string[] | null;
  readonly enabled?: boolean | null;
};

/** Webhooks, which only the workspace's admins (here: the first user) may read or change. */
export function createWebhookResolvers(state: LinearState, hooks: HookRegistry): ResolverMap {
  function requireAdmin({ user }: RequestContext): void {
    if (user !== state.users[0]) throw forbidden("Invalid role: admin required", "You need to be an admin.");
  }

  const toWebhook = (hook: Hook) => ({
    id: hook.id,
    url: hook.url,
    enabled: hook.active,
    resourceTypes: hook.events,
    createdAt: hook.createdAt,
    team: state.teams.find((team) => team.id === hook.sourceId) ?? null,
  });

  function find(id: string): Hook {
    const hook = hooks.find(id);
    if (hook === undefined) throw entityNotFound("Webhook");
    return hook;
  }

  function requireUrl(url: string | null | undefined): string {
    if (url == null || !/^https?:\/\//.test(url)) throw inputError("Invalid url", "The url must be an address.");
    return url;
  }

  const maps = {
    Query: {
      webhooks(_: unknown, _arguments: unknown, context: RequestContext) {
        requireAdmin(context);
        return {
          nodes: hooks.all().map(toWebhook),
          pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        };
      },
    },
    Mutation: {
      webhookCreate(_: unknown, { input }: { readonly input: Input }, context: RequestContext) {
        requireWrite(context);
        requireAdmin(context);
        const team = state.teams.find(({ id, key }) => id === input.teamId || key === input.teamId);
        if (team === undefined) throw entityNotFound("Team");
        const url = requireUrl(input.url);
        if (hooks.all().some((one) => one.url === url && one.sourceId === team.id)) {
          throw inputError("url not unique", "There is a webhook with this url already.");
        }
        const hook = hooks.add({
          id: state.uuid(),
          url,
          secret: input.secret ?? `lin_wh_${state.uuid()}`,
          sourceId: team.id,
          events: input.resourceTypes ?? [],
        });
        return { ...done(state), webhook: toWebhook(hook) };
      },
      webhookUpdate(_: unknown, args: { readonly id: string; readonly input: Input }, context: RequestContext) {
        requireWrite(context);
        requireAdmin(context);
        const hook = find(args.id);
        const { url, secret, resourceTypes, enabled } = args.input;
        if (url != null) hook.url = requireUrl(url);
        if (secret != null) hook.secret = secret;
        if (resourceTypes != null) hook.events = resourceTypes;
        if (enabled != null) hook.active = enabled;
        return { ...done(state), webhook: toWebhook(hook) };
      },
      webhookDelete(_: unknown, { id }: { readonly id: string }, context: RequestContext) {
        requireWrite(context);
        requireAdmin(context);
        find(id);
        hooks.remove(id);
        return { ...done(state), entityId: id };
      },
    },
  };
  return maps as unknown as ResolverMap;
}
