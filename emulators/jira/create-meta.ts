import type { WireReply, WireRequest } from "../server/http-server.ts";
import { may } from "./permissions.ts";
import { jsonReply, pageOf, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { fieldMeta, fieldsOn } from "./screens.ts";
import { findProject } from "./state.ts";

/** `GET issue/createmeta/{project}/issuetypes` and `…/issuetypes/{id}`: empty for callers who may not create issues there. */
export function createMeta(context: RouteContext, request: WireRequest, parts: readonly string[]): WireReply {
  const { state, wire, account } = context;
  const [name = "", word, typeId, ...rest] = parts;
  if (word !== "issuetypes" || rest.length > 0) return replies.deadLink();
  const project = findProject(state, name);
  if (project === undefined || !account.sees(project)) return replies.noProject(name);
  const mayCreate = may(account, project, "CREATE_ISSUES");
  if (typeId === undefined) {
    const types = mayCreate ? state.types.map((type) => wire.issueType(type)) : [];
    return answer(context, request, "issueTypes", types);
  }
  const type = state.types.find(({ id }) => String(id) === typeId);
  const fields = mayCreate && type !== undefined ? fieldsOn("create", { state, wire, project, type }) : [];
  return answer(
    context,
    request,
    "fields",
    fields.map((field) => ({ ...fieldMeta(field), fieldId: field.info.id })),
  );
}

/** Cloud names the list after its content, Data Center calls it `values`. */
function answer({ state }: RouteContext, request: WireRequest, name: string, items: readonly object[]): WireReply {
  const { startAt, maxResults, total, isLast, values } = pageOf(request, items, 200);
  return state.edition === "cloud"
    ? jsonReply(200, { startAt, maxResults, total, [name]: values })
    : jsonReply(200, { startAt, maxResults, total, isLast, values });
}
