import type { WireReply, WireRequest } from "../server/http-server.ts";
import { writeReply } from "./replies.ts";
import { readFetch } from "./wire.ts";
import type { Given, WriteRouteContext } from "./write-request.ts";
import { checkTagName, readReference, WriteError } from "./write-values.ts";

/** Creates a tag in a workspace, silently the user's default one if none is given. */
export function createTag(
  { state, account, catalogue, wire }: WriteRouteContext,
  { element, fields }: Given,
  request: WireRequest,
): WireReply {
  const { Name, Workspace, ...others } = fields;
  const oid =
    Workspace === undefined || Workspace === null ? account.user.defaultWorkspace.oid : readReference(Workspace).oid;
  const workspace = state.workspaces.find((one) => one.oid === oid);
  if (workspace === undefined || !account.sees(workspace))
    throw new WriteError(`Could not read: Could not read workspace ${oid}`);
  if (!state.projects.some((one) => one.workspace === workspace && account.edits(one))) {
    return writeReply("CreateResult", { errors: ["Not authorized to create: Tag"] });
  }
  const name = checkTagName(Name);
  if (state.tags.some((one) => one.workspace === workspace && one.name.toLowerCase() === name.toLowerCase())) {
    throw new WriteError(`Validation error: Tag.Name "${name}" already exists`);
  }
  const tag = { oid: state.nextOid(), name, workspace };
  state.tags.push(tag);
  return writeReply("CreateResult", {
    warnings: Object.keys(others).map(
      (one) => `Ignored JSON element ${element}.${one} during processing of this request.`,
    ),
    more: { Object: wire.write(catalogue.tag.of(tag), request.query.has("fetch") ? readFetch(request.query) : "all") },
  });
}
