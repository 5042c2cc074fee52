import type { BenchCase } from "./measure.ts";
import { fillMirror } from "./support.ts";

const maxMiB = 250;

export const memoryCase: BenchCase = {
  name: "memory",
  about: "the server's peak memory with 100,000 issues, first sync included",
  async run(report) {
    const { peakMiB, syncMs } = await fillMirror(100_000, report);
    return [
      {
        what: "server memory, peak, first sync of 100,000 issues included",
        measured: `${peakMiB.toFixed(0)} MiB`,
        must: `at most ${maxMiB} MiB`,
        ok: peakMiB <= maxMiB,
        data: { peakMiB, syncMs },
      },
    ];
  },
};
