import { pickForOthers } from "../user-changes.ts";
import assert from "node:assert/strict";
import type { Fault } from "../../../emulators/emulator.ts";
import { createWebhookSecrets } from "../../../src/config/webhook-secrets.ts";
import { findTracker } from "../../../src/trackers/registry.ts";
import type { FaultRow } from "../fault-row.ts";
import type { FaultStage } from "../fault-stage.ts";
import { changeMany } from "./several-pages.ts";

const writesOf = ({ subject }: FaultStage): readonly Partial<Fault>[] => subject.writing?.writes ?? [];

export const changeRows: readonly FaultRow[] = [
  {
    name: "changes between two pages of a list",
    strike(stage) {
      const { emulator, traffic, word } = stage;
      changeMany(stage);
      let left = 12;
      const stop = traffic.onAnswer((url) => {
        if (!url.startsWith(new URL(emulator.url).origin)) return;
        emulator.world.edit(pickForOthers(emulator.world, stage), { title: word() });
        left -= 1;
        if (left === 0) stop();
      });
    },
    lastsMs: 100_000,
  },
  {
    name: "webhooks twice and in the wrong order",
    async strike({ emulator, home, url, word }) {
      const { tracker, webhooks, world } = emulator;
      const secret = createWebhookSecrets(home.paths.webhooksFile, Date.now).ensure(tracker);
      const query = findTracker(tracker)?.webhooks.secretIn === "address" ? `?secret=${secret}` : "";
      webhooks.register({ url: `${url}/webhooks/${tracker}${query}`, secret });
      await webhooks.settle();
      webhooks.hold();
      for (let round = 0; round < 3; round += 1) {
        for (const { nativeId } of world.issues().slice(0, 4)) world.edit(nativeId, { title: word() });
      }
      await webhooks.release({ order: "reversed", times: 2 });
    },
    lastsMs: 40_000,
    async during(stage) {
      const { webhooks } = await stage.shown();
      assert.ok(webhooks.repeated >= 12, `${webhooks.repeated} repeats were told apart`);
    },
    async mend({ emulator: { webhooks } }) {
      await webhooks.settle();
      for (const { id } of webhooks.list()) webhooks.remove(id);
    },
  },
  {
    name: "edits answered 409 until somebody else is done",
    strike(stage) {
      const { faults } = stage.emulator;
      for (const which of writesOf(stage)) faults.add({ ...which, kind: "server-error", value: 409, times: 2 });
    },
    lastsMs: 40_000,
  },
  {
    name: "edits refused with 409 or 412",
    strike(stage) {
      const {
        dice,
        emulator: { faults },
      } = stage;
      for (const which of writesOf(stage)) {
        faults.add({
          ...which,
          kind: "server-error",
          value: [409, 412][dice(2)] ?? 409,
          times: Number.POSITIVE_INFINITY,
        });
      }
    },
    lastsMs: 60_000,
  },
  {
    name: "answers lost after the write happened",
    strike(stage) {
      const { faults } = stage.emulator;
      for (const which of writesOf(stage)) {
        faults.add({ ...which, kind: "lost-answer", times: 2 });
        faults.add({ ...which, kind: "error-after", after: 2 });
      }
    },
    lastsMs: 40_000,
  },
];
