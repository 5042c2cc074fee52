/** Linear's default state colors by `WorkflowState.type`; a state cannot be created without a color. */
const colors: ReadonlyMap<string, string> = new Map(
  Object.entries({
    backlog: "#bec2c8",
    unstarted: "#e2e2e2",
    started: "#f2c94c",
    completed: "#5e6ad2",
    canceled: "#95a2b3",
  }),
);

const otherColor = "#bec2c8";

export function colorOfType(type: string): string {
  return colors.get(type) ?? otherColor;
}
