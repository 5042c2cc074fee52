import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlReader, type ControlEvent } from "./control-reader.ts";

const told = (events: readonly ControlEvent[]) =>
  events.map((event) =>
    event.kind === "output"
      ? `output ${JSON.stringify(event.bytes.toString())}`
      : event.kind === "reply"
        ? `${event.ok ? "reply" : "error"} ${event.lines.map(String).join("|")}`
        : `notice ${event.words.join(" ")}`,
  );

const session = Buffer.from(
  [
    "%begin 1 10 0",
    "%end 1 10 0",
    "%session-changed $0 agent-1",
    String.raw`%output %0 a\033[1mb\134c\015\012ä`,
    "%begin 1 11 1",
    "a line",
    "%end 1 10 1",
    "%output %0 of the screen",
    "%exit",
    "%end 1 11 1",
    "%begin 1 12 1",
    "no such thing",
    "%error 1 12 1",
    String.raw`%extended-output %0 12 : late\007`,
    "%exit",
    "",
  ].join("\n"),
);

const expected = [
  "notice %session-changed $0 agent-1",
  String.raw`output "a\u001b[1mb\\c\r\nä"`,
  "reply a line|%end 1 10 1|%output %0 of the screen|%exit",
  "error no such thing",
  String.raw`output "late\u0007"`,
  "notice %exit",
];

test("distinguishes output, replies and notices, however the text is split", () => {
  for (const size of [1, 2, 7, 64, session.length]) {
    const read = createControlReader();
    const events: ControlEvent[] = [];
    for (let at = 0; at < session.length; at += size) events.push(...read(session.subarray(at, at + size)));
    assert.deepEqual(told(events), expected, `pieces of ${size}`);
  }
});
