import { everyIssueWord, rareWords } from "../emulators/seed/company.ts";
import { type BenchCase, interleaved, median, ms, percentile, ratio, type Row } from "./measure.ts";
import { fillMirror, startServer } from "./support.ts";

const rounds = 60;

export const boardCase: BenchCase = {
  name: "board",
  about: "GET /api/board and searches at 100,000 issues against 10,000",
  async run(report) {
    const small = await fillMirror(10_000, report);
    const large = await fillMirror(100_000, report);
    const servers = { small: await startServer(small.home), large: await startServer(large.home) };
    const rows: Row[] = [];
    try {
      const rare = rareWords.at(-1)?.word ?? "";
      const compare = async (what: string, path: string) => {
        const alternatives = {
          small: () => servers.small.get(path),
          large: () => servers.large.get(path),
        };
        await interleaved(5, alternatives);
        const times = await interleaved(rounds, alternatives);
        const [p95Small, p95Large] = [percentile(times.small, 0.95), percentile(times.large, 0.95)];
        report(`${what}: p50 ${ms(median(times.small))} and ${ms(median(times.large))}`);
        rows.push({
          what: `${what}, p95 at 100,000 against 10,000 issues`,
          measured: `${ratio(p95Large, p95Small)} (${ms(p95Large)} against ${ms(p95Small)})`,
          must: "at most 2 ×",
          ok: p95Large <= 2 * p95Small,
          data: { p95Small, p95Large, p50Small: median(times.small), p50Large: median(times.large) },
        });
      };
      await compare("GET /api/board", "/api/board");
      await compare("search for a rare word", `/api/board?q=${rare}`);

      const path = `/api/board?q=${everyIssueWord}`;
      const { total } = await servers.large.get<{ total: number }>(path);
      const times = await interleaved(rounds, { common: () => servers.large.get(path) });
      const p95 = percentile(times.common, 0.95);
      rows.push({
        what: `search for a word that is in every issue (${total.toLocaleString("en")} found), p95`,
        measured: ms(p95),
        must: "below 150 ms",
        ok: p95 < 150 && total === 100_000,
        data: { p95, p50: median(times.common), total },
      });
    } finally {
      await Promise.all([servers.small.stop(), servers.large.stop()]);
    }
    return rows;
  },
};
