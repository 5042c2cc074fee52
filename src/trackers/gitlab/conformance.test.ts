import { testTracker } from "../conformance/suite.ts";
import { gitlabSubject, selfManagedSubject, statusesSubject } from "./subject.ts";

testTracker(gitlabSubject);
testTracker(selfManagedSubject);
testTracker(statusesSubject);
