import { testTracker } from "../conformance/suite.ts";
import { githubSubject } from "./subject.ts";

testTracker(githubSubject);
