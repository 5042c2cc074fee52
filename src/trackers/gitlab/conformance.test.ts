import { testTracker } from "../conformance/suite.ts";
import { gitlabSubject } from "./subject.ts";

testTracker(gitlabSubject);
