import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../action.ts";
import { agentActions } from "./agents.ts";
import { choosingActions } from "./choosing.ts";
import { creatingActions } from "./creating.ts";
import { findingActions } from "./finding.ts";
import { hastyActions } from "./hasty.ts";
import { keyActions } from "./keys.ts";
import { movingActions } from "./moving.ts";
import { placeActions } from "./places.ts";
import { pointerActions } from "./pointer.ts";
import { settingsActions } from "./settings.ts";
import { textActions } from "./texts.ts";

/** All actions of the random user. */
export const userActions: readonly Action[] = [
  ...keyActions,
  ...pointerActions,
  ...textActions,
  ...movingActions,
  ...choosingActions,
  ...creatingActions,
  ...findingActions,
  ...placeActions,
  ...agentActions,
  ...settingsActions,
  ...hastyActions,
  {
    name: "pause",
    weight: 5,
    async run({ random }) {
      await sleep(random.int(500));
    },
  },
];
