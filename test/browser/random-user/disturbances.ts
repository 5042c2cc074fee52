import type { Fault } from "../../../emulators/emulator.ts";
import type { Action } from "./action.ts";

const faults: readonly Fault[] = [
  { kind: "rate-limit", value: 1 },
  { kind: "server-error", value: 503 },
  { kind: "slow", value: 700 },
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "drop" },
  { kind: "lost-answer" },
  { kind: "error-after" },
  { kind: "malformed-json" },
  { kind: "server-error", value: 400 },
  { kind: "server-error", value: 422 },
];
const writingMethods = ["POST", "PATCH", "PUT", "DELETE"];

/** What happens around the user. */
export const disturbances: readonly Action[] = [
  {
    name: "offline",
    weight: 2,
    async run({ page, random, note }) {
      note("offline");
      await page.context().setOffline(true);
      setTimeout(
        () =>
          void page
            .context()
            .setOffline(false)
            .catch(() => undefined),
        200 + random.int(3000),
      );
    },
  },
  {
    name: "server",
    weight: 2,
    async run({ stage, random, note }) {
      if (!stage.isUp()) return;
      const signal = random.pick(["SIGKILL", "SIGTERM"] as const);
      note(`server ${signal}`);
      await stage.kill(signal);
      const wait = random.int(2500);
      setTimeout(() => void stage.restart(), wait);
    },
  },
  {
    name: "cut",
    weight: 3,
    async run({ stage, note }) {
      note("cut the streams");
      stage.relay.cutStreams();
    },
  },
  {
    name: "file",
    weight: 1,
    async run({ stage, random, note }) {
      const which = random.pick(["env", "projects"] as const);
      note(`break ${which}`);
      stage.breakFile(which);
    },
  },
  {
    name: "fault",
    weight: 8,
    async run({ stage, random, note }) {
      const emulator = random.pick(stage.emulators);
      const fault = {
        ...random.pick(faults),
        times: 1 + random.int(3),
        ...(random.chance(0.6) && { method: random.pick(writingMethods) }),
      };
      note(`fault ${emulator.tracker} ${JSON.stringify(fault)}`);
      emulator.faults.add(fault);
    },
  },
  {
    name: "tracker",
    weight: 8,
    async run({ stage, random, note, token }) {
      const emulator = random.pick(stage.emulators);
      const issues = emulator.world.issues();
      if (issues.length === 0) return;
      const issue = random.pick(issues);
      const what = random.int(10);
      note(`${emulator.tracker} ${issue.key} ${what}`);
      if (what < 3) emulator.world.edit(issue.nativeId, { title: `Theirs ${token()}` });
      else if (what < 5)
        emulator.world.edit(issue.nativeId, {
          state: random.pick(issues.filter(({ sourceKey }) => sourceKey === issue.sourceKey)).state,
        });
      else if (what < 6) emulator.world.edit(issue.nativeId, { body: `Their body ${token()}` });
      else if (what < 8) emulator.world.comment(issue.nativeId, `Their comment ${token()}`);
      else if (what < 9) emulator.world.create(issue.sourceKey, { title: `Their new ${token()}` });
      else if (issues.length > 8) emulator.world.delete(issue.nativeId);
      if (random.chance(0.6) && stage.isUp()) {
        void stage
          .server()
          .ask("POST", `/api/trackers/${emulator.tracker}/sync`, {})
          .catch(() => undefined);
      }
    },
  },
];
