import { testTracker } from "../conformance/suite.ts";
import { linearSubject } from "./subject.ts";

testTracker(linearSubject);
