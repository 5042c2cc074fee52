import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startEmulator } from "../../start.ts";

const path = "harborline/platform/billing";

type Node = {
  readonly id: string;
  readonly workItemType: { readonly name: string };
  readonly widgets: {
    readonly blockedByCount?: number;
    readonly linkedItems?: {
      readonly nodes: readonly { readonly linkType: string; readonly workItem: { id: string } }[];
    };
    readonly status?: { readonly id: string };
  }[];
};

type Payload = { readonly errors: readonly string[]; readonly workItem: { readonly state: string } };

async function stage(t: { after(end: () => Promise<void>): void }, variant: string) {
  const emulator = await startEmulator("gitlab", { issues: 120, seed: 3, variant });
  t.after(() => emulator.close());
  const ask = async (query: string, variables: object, token = emulator.credentials["GITLAB_TOKEN"] ?? "") => {
    const response = await fetch(`${emulator.url}/api/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    assert.equal(response.status, 200, "whatever is wrong with it");
    return (await response.json()) as {
      data?: { project: { workItems: { nodes: Node[] } }; workItemUpdate: Payload };
      errors?: { message: string; extensions?: { code: string } }[];
    };
  };
  return { emulator, ask };
}

const update = `mutation ($input: WorkItemUpdateInput!) {
  workItemUpdate(input: $input) { errors workItem { state widgets { type ... on WorkItemWidgetHierarchy { parent { iid } } } } }
}`;

describe("work items of the GitLab emulator", () => {
  test("name their parent, their links and their status", async (t) => {
    const { ask, emulator } = await stage(t, "statuses");
    const [a, b] = emulator.world.issues(path);
    assert.ok(a && b);
    emulator.world.block?.(a.nativeId, b.nativeId);
    const { data } = await ask(
      `query ($path: ID!, $iids: [String!]) { project(fullPath: $path) { workItems(iids: $iids) { nodes {
        iid widgets {
          ... on WorkItemWidgetLinkedItems { blockedByCount linkedItems { nodes { linkId linkType workItem { id } } } }
          ... on WorkItemWidgetStatus { status { id name category } }
        } } } } }`,
      { path, iids: [a.key.slice(1)] },
    );
    const widgets: Node["widgets"][number] = Object.assign({}, ...(data?.project.workItems.nodes[0]?.widgets ?? []));
    assert.equal(widgets.blockedByCount, b.closed ? 0 : 1);
    assert.ok(
      widgets.linkedItems?.nodes.some(
        (one) => one.linkType === "is_blocked_by" && one.workItem.id === `gid://gitlab/WorkItem/${b.nativeId}`,
      ),
    );
    assert.match(widgets.status?.id ?? "", /^gid:\/\/gitlab\/WorkItems::Statuses::Custom::Status\/\d+$/);
  });

  test("changing the status opens or closes them", async (t) => {
    const { ask, emulator } = await stage(t, "statuses");
    const issue = emulator.world.issues(path).find(({ closed }) => !closed);
    assert.ok(issue);
    const id = `gid://gitlab/WorkItem/${issue.nativeId}`;
    const status = (number: number) => `gid://gitlab/WorkItems::Statuses::Custom::Status/${number}`;
    const done = await ask(update, { input: { id, statusWidget: { status: status(714) } } });
    assert.deepEqual(done.data?.workItemUpdate.errors, []);
    assert.equal(done.data?.workItemUpdate.workItem.state, "CLOSED");
    const unknown = await ask(update, { input: { id, statusWidget: { status: status(1) } } });
    assert.match(unknown.errors?.[0]?.message ?? "", /Status doesn't exist/);
    const weak = await ask(update, { input: { id, statusWidget: { status: status(711) } } }, "glpat-emulator_weak");
    assert.match(weak.errors?.[0]?.message ?? "", /does not exist or you don't have permission/);
  });

  test("accept the parents their type permits, and reject others in the payload", async (t) => {
    const { ask } = await stage(t, "gitlab.com");
    const { data } = await ask(
      `query ($path: ID!) { project(fullPath: $path) { workItems(first: 100) { nodes { id workItemType { name } } } } }`,
      { path },
    );
    const nodes = data?.project.workItems.nodes;
    const idOf = (name: string) => nodes?.find((node) => node.workItemType.name === name)?.id ?? "";
    const [task, issue] = [idOf("Task"), idOf("Issue")];
    const taken = await ask(update, { input: { id: task, hierarchyWidget: { parentId: issue } } });
    assert.deepEqual(taken.data?.workItemUpdate.errors, []);
    const refused = await ask(update, { input: { id: issue, hierarchyWidget: { parentId: task } } });
    assert.match(refused.data?.workItemUpdate.errors[0] ?? "", /not allowed to add this type of parent/);
    const status = "gid://gitlab/WorkItems::Statuses::SystemDefined::Status/1";
    const unpaid = await ask(update, { input: { id: issue, statusWidget: { status } } });
    assert.match(unpaid.data?.workItemUpdate.errors[0] ?? "", /not supported by Issue type: \[:status_widget\]/);
  });

  test("on an older server, newer fields are missing and reported as such", async (t) => {
    const { ask } = await stage(t, "self-managed-15");
    const widgets = (fragment: string) =>
      ask(`query ($path: ID!) { project(fullPath: $path) { workItems { nodes { widgets { ${fragment} } } } } }`, {
        path,
      });
    const { errors, data } = await widgets("... on WorkItemWidgetStatus { status { id } }");
    assert.equal(data, undefined);
    assert.equal(errors?.[0]?.extensions?.code, "undefinedType");
    assert.ok((await widgets("... on WorkItemWidgetHierarchy { parent { id } }")).data);
    const chosen = `query ($path: ID!) { project(fullPath: $path) { workItems { nodes { widgets(onlyTypes: [HIERARCHY]) { type } } } } }`;
    const refused = await ask(chosen, { path });
    assert.equal(refused.errors?.[0]?.extensions?.code, "argumentNotAccepted");
    const newer = await stage(t, "statuses");
    const { nodes } = (await newer.ask(chosen, { path })).data?.project.workItems ?? { nodes: [] };
    assert.ok(nodes.length > 0);
    for (const { widgets: own } of nodes) assert.deepEqual(own, [{ type: "HIERARCHY" }]);
  });
});
