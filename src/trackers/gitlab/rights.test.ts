import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findRights } from "./rights.ts";

const web = "https://gitlab.example.com";
const project = {
  id: 1,
  path_with_namespace: "group/project",
  web_url: `${web}/group/project`,
  permissions: { project_access: null, group_access: { access_level: 30 } },
};

describe("write permissions", () => {
  it("are complete with the scope and the role Planner or above", () => {
    assert.deepEqual(findRights(project, ["api"], web), { allowed: true, reason: null });
    const own = { project_access: { access_level: 15 }, group_access: { access_level: 10 } };
    assert.deepEqual(findRights({ ...project, permissions: own }, ["api"], web), { allowed: true, reason: null });
  });

  it("are missing with a read-only token and in an archived project, with a hint how to change that", () => {
    const reading = findRights(project, ["read_api"], web);
    assert.equal(reading.allowed, false);
    assert.match(reading.reason ?? "", /`api`.*https:\/\/gitlab\.example\.com\/-\/user_settings/);
    const archived = findRights({ ...project, archived: true }, ["api"], web);
    assert.equal(archived.allowed, false);
    assert.match(archived.reason ?? "", /archived/);
  });

  it("are unknown if GitLab does not tell scopes or role, and limited for a guest", () => {
    assert.deepEqual(findRights(project, null, web), { allowed: null, reason: null });
    const nobody = { project_access: null, group_access: null };
    assert.deepEqual(findRights({ ...project, permissions: nobody }, ["api"], web), { allowed: null, reason: null });
    const guest = { project_access: { access_level: 10 }, group_access: null };
    const rights = findRights({ ...project, permissions: guest }, ["api"], web);
    assert.equal(rights.allowed, null);
    assert.match(rights.reason ?? "", /Guest.*Planner/);
  });
});
