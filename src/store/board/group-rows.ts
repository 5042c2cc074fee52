/** The values of rows by their issue, in the rows' order. */
export function groupRows<Row extends { issue_id: number }, Value>(
  rows: readonly Row[],
  value: (row: Row) => Value,
): ReadonlyMap<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const row of rows) {
    const group = groups.get(row.issue_id);
    if (group) group.push(value(row));
    else groups.set(row.issue_id, [value(row)]);
  }
  return groups;
}
