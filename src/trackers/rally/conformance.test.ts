import { testTracker } from "../conformance/suite.ts";
import { rallySubject } from "./subject.ts";

testTracker(rallySubject);
