import assert from "node:assert/strict";
import type { FaultRow } from "../fault-row.ts";
import { changeFew, changeMany } from "./several-pages.ts";

const always = Number.POSITIVE_INFINITY;
const minute = 60_000;
const day = 24 * 60 * minute;

function clockRow(name: string, aheadMs: number, words: RegExp): FaultRow {
  return {
    name,
    strike: (stage) => stage.setMachineClock(aheadMs),
    lastsMs: 4 * minute,
    async during(stage) {
      const { warnings, health, label } = await stage.shown();
      assert.equal(health, "ok", label);
      assert.match(warnings.map(({ message, hint }) => `${message} ${hint}`).join(" "), words);
    },
    // Like `timedatectl set-ntp true` while the server runs.
    mend: (stage) => stage.setMachineClock(0),
  };
}

export const surroundingRows: readonly FaultRow[] = [
  clockRow("this machine's clock a day ahead, then set right", day, /clock is 1 day ahead of \S+\. Set it from/),
  clockRow("this machine's clock a day behind, then set right", -day, /clock is 1 day behind \S+\. Set it from/),
  {
    name: "the token is revoked in the middle of a run",
    strike(stage) {
      changeMany(stage);
      stage.emulator.faults.add({ kind: "revoked", after: 1, times: always });
    },
    lastsMs: 40 * minute,
    unwatched: true,
    says: /rejected the|refuses the|expired|not authori[sz]ed/i,
    async during(stage) {
      assert.equal((await stage.shown()).health, "auth");
      const refused = stage.emulator.requests.list().filter(({ status }) => status === 401);
      const moments = new Set(refused.map(({ at }) => at));
      assert.ok(moments.size <= 2 + 2 * (40 / 15), `${moments.size} times the refused credentials were tried`);
    },
  },
  {
    name: "no network for an hour",
    strike(stage) {
      changeFew(stage);
      stage.emulator.faults.add({ kind: "drop", times: always });
    },
    lastsMs: 60 * minute,
    unwatched: true,
    says: /The connection to \S+ was lost\./,
  },
];
