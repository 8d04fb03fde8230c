import { GridTown, TownLedger } from "@energsys/simulator";
import { atMost, type Bench } from "./bench.ts";
import { timed } from "./store-field.ts";

/** A town of 50,000 points as a model: built, and what truly flowed in it on one day, down to every point. */
export const bench: Bench = {
  name: "town-ledger",
  about: "a town of 50,000 points and one day of its truth, transformers, feeders and points",
  async run({ log }) {
    const before = process.memoryUsage().rss;
    let town: GridTown | undefined;
    const built = await timed(async () => {
      town = new GridTown({ points: 50_000, seed: 1, begin: "2026-10-20" });
    });
    if (!town) throw new Error("no town was built");
    const ledger = new TownLedger(town);
    const index = town.calendar.dayAt(Date.parse("2026-10-25T12:00:00Z"));
    const [fromMs, toMs] = [town.calendar.day(index).startMs, town.calendar.day(index + 1).startMs];
    const sums = { net: 0, loss: 0, stolen: 0 };
    const day = await timed(async () => {
      for (const { number } of town?.feeders ?? []) {
        const { netWh, lossWh } = ledger.feeder(number, fromMs, toMs);
        for (let i = 0; i < netWh.length; i++) {
          sums.net += netWh[i] ?? 0;
          sums.loss += lossWh[i] ?? 0;
        }
      }
      for (const { number } of town?.transformers ?? []) {
        const { lossWh, stolenWh } = ledger.transformer(number, fromMs, toMs);
        for (let i = 0; i < lossWh.length; i++) {
          sums.loss += lossWh[i] ?? 0;
          sums.stolen += stolenWh[i] ?? 0;
        }
      }
    });
    const kwh = (wh: number) => Math.round(wh / 1000);
    log(`${kwh(sums.net)} kWh, of that ${kwh(sums.loss)} lost and ${kwh(sums.stolen)} stolen`);
    return {
      metrics: [
        { name: "town built", value: built, unit: "s" },
        atMost("one day of all feeders, transformers and points", day, "s", 60),
        { name: "concentrators", value: town.concentrators, unit: "" },
        { name: "memory, more than before", value: (process.memoryUsage().rss - before) / 1e6, unit: "MB" },
      ],
    };
  },
};
