/**
 * A plugin that tells what an OpenCode session does: https://opencode.ai/docs/plugins. It runs inside of OpenCode. Sessions of its subagents have a parent, and do
 * not count. The session's id is kept for resuming it. OpenCode itself adds up what a session has cost; a model without a price costs 0.
 */
export const opencodePlugin = `import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export const Panopticon = async ({ client }) => {
  const folder = process.env.PANOPTICON_AGENT_DIR;
  const children = new Set();
  const users = new Set();
  let usage = [];
  let said = "";
  let last = "";
  let signals = Promise.resolve();
  const run = (args) => new Promise((resolve) => execFile("pan", ["agent", "signal", ...args], () => resolve()));
  const signal = (name, message) => {
    last = name;
    const args = [name, ...(message ? ["--message", String(message).slice(0, 2000)] : []), ...usage];
    signals = signals.then(() => run(args));
  };
  // Started with a session, OpenCode ignores its prompt. It may load its plugins more than once.
  const known = folder + "/session";
  const goOn = async () => {
    const parts = [{ type: "text", text: readFileSync(process.env.PANOPTICON_PROMPT_FILE, "utf8") }];
    const { error } = await client.session.promptAsync({ path: { id: readFileSync(known, "utf8") }, body: { parts } });
    if (error) signal("waiting", "It did not take what it was asked.");
  };
  if (existsSync(known) && !globalThis.panopticonBegan) setTimeout(goOn, 0);
  globalThis.panopticonBegan = true;
  return {
    event: async ({ event: { type, properties = {} } }) => {
      const { info, part, permission, patterns = [], metadata, questions = [], status } = properties;
      if (type === "session.created" || type === "session.updated") {
        if (info?.parentID) children.add(info.id);
        else if (type === "session.created") writeFileSync(folder + "/session", info.id);
        if (!info?.parentID && info?.tokens) {
          const { input = 0, output = 0, reasoning = 0, cache } = info.tokens;
          const tokens = input + output + reasoning + (cache?.read ?? 0) + (cache?.write ?? 0);
          usage = [...(info.cost > 0 ? ["--cost", info.cost] : []), ...(tokens > 0 ? ["--tokens", tokens] : [])].map(String);
        }
      }
      // A question of a subagent is one to the user, too.
      if (type === "permission.asked") signal("waiting", "May it use " + permission + "? " + (metadata?.command ?? patterns.join(" ")));
      else if (type === "question.asked") signal("waiting", questions.map(({ question }) => question).join(" "));
      else if (/^(permission|question)\\.(replied|rejected)$/.test(type)) signal("running");
      else if (children.has(part?.sessionID ?? properties.sessionID)) return;
      else if (type === "message.updated" && info?.role === "user") users.add(info.id);
      else if (type === "message.part.updated" && part?.type === "text" && !users.has(part.messageID)) said = part.text;
      // It is busy again before each of its steps.
      else if (type === "session.status" && status?.type === "busy" && last !== "running") signal("running");
      else if (type === "session.idle") signal("waiting", said);
    },
  };
};
`;
