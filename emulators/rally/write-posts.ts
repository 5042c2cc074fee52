import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Artifact, Post } from "./records.ts";
import { operationReply, writeReply } from "./replies.ts";
import { postsOf } from "./seed-posts.ts";
import { changeArtifact } from "./state.ts";
import { readFetch } from "./wire.ts";
import type { Given, WriteRouteContext } from "./write-request.ts";
import { richText, readReference, WriteError } from "./write-values.ts";

const text = { label: "Text", maxLength: 32_768 };
const type = "ConversationPost";

export function createPost(context: WriteRouteContext, given: Given, request: WireRequest): WireReply {
  const { state, account } = context;
  const { Artifact: written, Text, ...others } = given.fields;
  const artifact = findArtifact(context, written);
  if (!account.edits(artifact.project))
    return writeReply("CreateResult", { errors: [`Not authorized to create: ${type}`] });
  const posts = postsOf(state, artifact);
  const at = state.now();
  const post: Post = {
    oid: state.nextOid(),
    artifact,
    number: posts.length + 1,
    user: account.user,
    text: readText(context, Text),
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
  changeArtifact(state, artifact, at, () => posts.push(post));
  return writeReply("CreateResult", {
    warnings: warningsOf(given.element, others),
    more: { Object: objectOf(context, post, request) },
  });
}

/** Only the author may change it. The artifact's update time stays. */
export function updatePost(context: WriteRouteContext, oid: number, given: Given, request: WireRequest): WireReply {
  const post = findPost(context, oid, "update");
  const { Text, ...others } = given.fields;
  if (post.user !== context.account.user) return operationReply([`Not authorized to update: ${type}`]);
  const changed = readText(context, Text);
  if (changed !== post.text) {
    post.text = changed;
    post.updatedAt = context.state.now();
    post.version += 1;
  }
  return writeReply("OperationResult", {
    warnings: warningsOf(given.element, others),
    more: { Object: objectOf(context, post, request) },
  });
}

export function deletePost(context: WriteRouteContext, oid: number): WireReply {
  const { state, account } = context;
  const post = findPost(context, oid, "delete");
  if (post.user !== account.user) return operationReply([`Not authorized to delete: ${type}`]);
  const posts = postsOf(state, post.artifact);
  changeArtifact(state, post.artifact, state.now(), () => posts.splice(posts.indexOf(post), 1));
  return writeReply("OperationResult", {});
}

function findArtifact({ state, account }: WriteRouteContext, written: unknown): Artifact {
  const { oid, type: named } = readReference(written);
  const artifact = state.artifacts.get(oid);
  if (artifact === undefined || !account.sees(artifact.project))
    throw new WriteError(`Could not read: Could not read ${named} ${oid}`);
  return artifact;
}

function findPost({ state, account }: WriteRouteContext, oid: number, action: string): Post {
  const seeded = state.artifacts.get(Math.floor(oid / 100));
  const found = [...(seeded === undefined ? [] : postsOf(state, seeded)), ...madePosts(state)].find(
    (one) => one.oid === oid,
  );
  if (found !== undefined && account.sees(found.artifact.project)) return found;
  throw new WriteError(`Could not read: Could not read ${type} ${oid} to ${action}.`);
}

function* madePosts(state: WriteRouteContext["state"]): Iterable<Post> {
  for (const { posts } of state.artifacts.values()) if (posts !== null) yield* posts;
}

function readText({ isThorough }: WriteRouteContext, written: unknown): string {
  if (typeof written !== "string" || written.trim() === "")
    throw new WriteError(`Validation error: ${type}.Text should not be null`);
  return richText(written, text, type, isThorough);
}

function warningsOf(element: string, others: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(others).map(
    (name) => `Ignored JSON element ${element}.${name} during processing of this request.`,
  );
}

function objectOf({ wire, catalogue }: WriteRouteContext, post: Post, request: WireRequest): unknown {
  return wire.write(catalogue.post.of(post), request.query.has("fetch") ? readFetch(request.query) : "all");
}
