import { GridTown, inventoryOf } from "@energsys/simulator";
import { importInventory } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { atMost, type Bench, median } from "./bench.ts";
import { timed, withServer } from "./store-field.ts";

const pointsPerTown = 50_000;
const begin = "2026-09-01";

/** 100,000 points of two towns: branches, locations, points, meters, installations, devices and their plan, once new and once known, then one point at a time as a page adds it. */
export const bench: Bench = {
  name: "inventory",
  about: "the inventory of 100,000 points into the database, new and again, and one point more",
  async run({ log }) {
    const inventories = [1, 2].map((seed) => {
      const town = new GridTown({ points: pointsPerTown, seed, begin });
      return inventoryOf(town, {
        host: "127.0.0.1",
        ports: new Map(),
        installedAtMs: town.calendar.firstMs,
        plan: { name: "Every meter", everySeconds: 86_400, backfillDays: 30 },
      });
    });
    return withServer(async ({ open }) => {
      const db = open(2);
      const keyRing = testKeyRing(db);
      const stored = { points: 0, devices: 0 };
      const importAll = async () => {
        for (const inventory of inventories) {
          const { points, devices } = await importInventory(db, inventory, { keyRing });
          stored.points += points;
          stored.devices += devices;
        }
      };
      const added = await timed(importAll);
      log(`${stored.points} points and ${stored.devices} devices were added`);
      if (stored.points !== 2 * pointsPerTown || stored.devices !== 2 * pointsPerTown) {
        throw new Error(`${stored.points} points and ${stored.devices} devices were added`);
      }
      const again = await timed(importAll);
      if (stored.points !== 2 * pointsPerTown) throw new Error("what was known was added again");
      const [like] = inventories[0]!.points;
      const singles: number[] = [];
      for (let nth = 0; nth < 25; nth++) {
        const name = `SINGLE${nth}`;
        const meter = { ...like!.meter, serial: name };
        const device = {
          identity: name,
          model: like!.meter.model,
          url: "dlms+tcp://127.0.0.1:4059",
          direction: "dial" as const,
        };
        const one = { branches: [], points: [{ ...like!, pod: name, meter, device }] };
        singles.push((await timed(() => importInventory(db, one, { keyRing }))) * 1000);
      }
      return {
        metrics: [
          atMost("100,000 points, all of them new", added, "s", 60),
          { name: "the same again", value: again, unit: "s" },
          { name: "one more point, median of 25", value: median(singles), unit: "ms" },
        ],
      };
    });
  },
};
