import { testTracker } from "../conformance/suite.ts";
import { gitlabSubject, selfManagedSubject } from "./subject.ts";

testTracker(gitlabSubject);
testTracker(selfManagedSubject);
