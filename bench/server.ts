import { digestOf, marketDay, packDay, slotsOf } from "@energsys/metering";
import { startServer } from "@energsys/server";
import { type Database, importInventory, makePartitions, sql } from "@energsys/store";
import { testKeyProvider } from "@energsys/store/testing";
import { atLeast, atMost, type Bench, type Metric, median } from "./bench.ts";
import { firstAccount } from "./first-account.ts";
import { curvesOf, daysFrom, periodSeconds, randomFrom, withServer, zone } from "./store-field.ts";

const pointsCount = 100_000;
const runs = 9;
const streets = ["Lungă", "Păcii", "Șoseaua Mare", "Țepeș Vodă", "Mihai Eminescu", "Zorilor"];
const names = ["Popescu", "Ionescu", "Ștefănescu", "Țăranu", "Văcărescu", "Georgescu", "Dumitrașcu"];

/** 100,000 points with devices (one in four silent, one in fifty never heard of) and their newest registers. */
async function fillNetwork(db: Database): Promise<void> {
  const points = Array.from({ length: pointsCount }, (_, n) => ({
    pod: `RO001EMO${String((n * 7_919) % 10_000_000).padStart(7, "0")}`,
    name: `${names[n % 7]} ${String.fromCharCode(65 + (n % 26))}. ${n % 977}`,
    address: `Str. ${streets[n % 6]} ${n % 311}, loc. ${n % 83}`,
    branch: ["Argeș", `Zona ${n % 12}`, `PT ${n % 400}`],
    phases: 1 as const,
    meter: {
      serial: `4${String(n).padStart(9, "0")}`,
      manufacturer: "BEN",
      model: n % 3 ? "iskra-me162" : "iskra-mt382",
      phases: 1 as const,
    },
    installedAt: "2024-01-01T00:00:00Z",
    device: {
      identity: `BEN${n}`,
      model: "iskra-me162",
      url: "iec62056-21+tcp://127.0.0.1:1",
      direction: "dial" as const,
    },
  }));
  await importInventory(db, {
    branches: [],
    points,
    plan: { name: "bench", everySeconds: 900, backfillDays: 40 },
  });
  await db.query(sql`
    update device set last_contact_at = now() - make_interval(secs => (device_id % 500) * 10) where device_id % 50 <> 0`);
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', now() - make_interval(hours => hour), 1000 + hour, 'kWh', now()
    from meter, generate_series(1, 5) as hour`);
}

/** A year of quarter-hours of the first point, with the generator's gaps and flags. */
async function fillYear(db: Database): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select min(point_id), '1-0:1.29.0*255', 'delta', 'Wh', 0, ${periodSeconds} from point returning channel_id as id`);
  const channelId = rows[0]?.id ?? 0;
  const dates = daysFrom("2025-01-01", 365);
  await makePartitions(db, { from: dates[0] ?? "", to: dates.at(-1) ?? "" });
  for (const [index, curve] of curvesOf(randomFrom(1), dates).entries()) {
    const day = dates[index] ?? "";
    const { v, q } = packDay(curve.active, curve.flags);
    const { sum, max, maxAt, ok, flags } = digestOf(curve.active, curve.flags, "delta");
    await db.query(sql`
      insert into load_day (channel_id, day, sum, max, max_at, ver, slots, ok, flags, v, q)
      values (${channelId}, ${day}::date, ${sum}, ${max}, ${maxAt}, 1, ${slotsOf(marketDay(day, zone), periodSeconds)},
              ${ok}, ${flags > 0x7fff ? flags - 0x10000 : flags}, ${v}, ${q})`);
  }
  return channelId;
}

const questions: readonly [string, string, number?][] = [
  ["first rows by POD", "/points"],
  ["by name, in the middle", "/points?sort=name&offset=50000"],
  // These two walk fifty and a hundred thousand rows of several tables: about 180 and 150 ms when they were written.
  ["by address, in the middle", "/points?sort=address&offset=50000", 300],
  ["by last contact", "/points?sort=lastContactAt&descending=true", 300],
  ["words in any spelling", "/points?q=stefanescu%20zona%203"],
  ["silent ones", "/points?state=silent"],
  ["one model by name", "/points?model=iskra-mt382&sort=name"],
  ["a whole serial number", "/search?q=4000012345"],
  ["a piece of an address", "/search?q=str%20lunga%204"],
  ["one letter", "/search?q=a"],
];

export const bench: Bench = {
  name: "server",
  about:
    "the API over HTTP: list and search of 100,000 points, a year's load curve, the control room's figures",
  run: ({ log }) =>
    withServer(async ({ url: databaseUrl, open }) => {
      const db = open(2);
      log("filling 100,000 points");
      const startedAt = performance.now();
      await fillNetwork(db);
      const importS = (performance.now() - startedAt) / 1_000;
      const channelId = await fillYear(db);
      // As autovacuum leaves it a minute after an import.
      await db.query(sql`vacuum analyze`);
      const server = await startServer({
        databaseUrl,
        port: 0,
        logLevel: "silent",
        keyProvider: testKeyProvider,
        limits: { userPerMinute: 10_000 },
      });
      try {
        const call = await firstAccount(db, server.url, "en");
        const ask = async (path: string) => (await call(path)).text();
        const time = async (work: () => Promise<unknown>) => {
          const times: number[] = [];
          for (let run = 0; run < runs; run++) {
            const startedAt = performance.now();
            await work();
            times.push(performance.now() - startedAt);
          }
          return median(times);
        };
        const metrics: Metric[] = [atMost("import of 100,000 points", importS, "s", 60)];
        const openedAt = performance.now();
        await ask("/points?sort=name");
        metrics.push({ name: "first list after a start", value: performance.now() - openedAt, unit: "ms" });
        for (const [name, path, goalMs = 150] of questions) {
          log(name);
          metrics.push(
            atMost(
              `${path.startsWith("/search") ? "search" : "list"}: ${name}`,
              await time(() => ask(path)),
              "ms",
              goalMs,
            ),
          );
        }
        // What is written at first: all tables joined, the word looked for in columns of several, the total counted beside.
        const naive = () =>
          db.query(sql`
            select p.*, count(*) over () from point p join location l using (location_id)
            left join installation i on i.point_id = p.point_id and i.during @> now() left join meter m using (meter_id)
            left join device d on d.meter_id = m.meter_id
            where (p.search_text || ' ' || coalesce(m.serial, '') || ' ' || coalesce(d.identity, '')) ilike '%4000012345%'
            order by p.point_id limit 20`);
        const ours = await time(() => ask("/search?q=4000012345"));
        metrics.push(atLeast("search against ilike over all tables", (await time(naive)) / ours, "x", 5));

        const curve = `/points/1/load-curve?channel=${channelId}&from=2025-01-01&to=2026-01-01`;
        metrics.push(atMost("a year's curve, 35,040 values", await time(() => ask(curve)), "ms", 100));
        metrics.push({ name: "its size, not packed", value: (await ask(curve)).length / 1_000, unit: "kB" });
        metrics.push({
          name: "control room, remembered",
          value: await time(() => ask("/operations")),
          unit: "ms",
        });
        return { metrics };
      } finally {
        await server.stop();
      }
    }),
};
