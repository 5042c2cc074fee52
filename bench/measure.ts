/** A row of the results: what was measured, the requirement, and whether it is met. */
export type Row = {
  /** The name of its case, filled in by main.ts. */
  readonly of?: string;
  /** The day it was measured (`2026-11-28`), and the machine; filled in by main.ts. */
  readonly on?: string;
  readonly machine?: string;
  readonly what: string;
  /** Human-readable: `101 requests (floor 101)`, `1.4 ×`. */
  readonly measured: string;
  readonly must: string;
  readonly ok: boolean;
  /** The page of docs/ that contains the row's table; default: performance. */
  readonly page?: "reliability";
  /** The underlying numbers. */
  readonly data: Readonly<Record<string, number | readonly number[]>>;
};

export type BenchCase = {
  readonly name: string;
  /** One line on what it measures or needs, for `npm run bench -- --list`. */
  readonly about: string;
  run(report: (line: string) => void): Promise<readonly Row[]>;
};

/** The p-th percentile (0 to 1) by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Runs the alternatives in turn, `rounds` times, so that other load on the machine affects all alike. In milliseconds. */
export async function interleaved<Name extends string>(
  rounds: number,
  alternatives: Readonly<Record<Name, () => unknown>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(alternatives) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const started = performance.now();
      await alternatives[name]();
      times[name].push(performance.now() - started);
    }
  }
  return times;
}

export function ratio(value: number, base: number): string {
  return `${(value / base).toFixed(2)} ×`;
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
