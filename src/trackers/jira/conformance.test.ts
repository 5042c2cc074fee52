import { testTracker } from "../conformance/suite.ts";
import { jiraCloudSubject, jiraDataCenterSubject } from "./subject.ts";

testTracker(jiraCloudSubject);
testTracker(jiraDataCenterSubject);
