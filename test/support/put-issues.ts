import type { NativeIssue } from "../../src/domain/issue.ts";
import type { Store } from "../../src/store/store.ts";
import { makePage, mapping, sourceInfo, vocabulary } from "./store-fixtures.ts";

/** Describes the store's first source and adds issues to it, as if its tracker had just reported them. */
export async function putIssues(store: Store, issues: readonly NativeIssue[]): Promise<void> {
  const [source] = await store.sources.list();
  if (source === undefined) throw new Error("there is no source to put issues into");
  await store.sources.saveSchema(source.id, { info: sourceInfo, vocabulary, mapping, at: 1 });
  await store.mirror.applyPage(source.id, makePage(issues, { requestedAt: Date.now() }));
}
