import fc from "fast-check";

/** Texts with pieces of terminal sequences, control characters and changes of direction, whole and broken. */
export const terminalText = fc
  .array(
    fc.oneof(
      fc.constantFrom("\u001b", "\u009b", "[", "]", "31m", "\u0007", "\u001b\\", "\r", "\n", "\u202e", "\u0000", ";"),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
  )
  .map((parts) => parts.join(""));
