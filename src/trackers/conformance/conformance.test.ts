import { trackers } from "../registry.ts";
import { subjectOf } from "./profiles.ts";
import { testTracker } from "./suite.ts";

for (const definition of trackers) testTracker(subjectOf(definition));
