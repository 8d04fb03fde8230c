import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "@energsys/e2e/browser";
import { createFirstToken, startServer } from "@energsys/server";
import {
  addGroup,
  applyGroupChange,
  type Database,
  energies,
  everywhere,
  foldGroups,
  type Inventory,
  importInventory,
  importLoadDays,
  migrate,
  openDatabase,
  sql,
  startEmbeddedPostgres,
  storeDeliveries,
} from "@energsys/store";
import { temporaryFolder, testKeyProvider, testKeyRing } from "@energsys/store/testing";
import type { BrowserContext, Page } from "playwright-core";
import { atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import { curvesOf, daysFrom, randomFrom, zone } from "./store-field.ts";

const runs = 5;
const points = 100_000;
const groupSize = 500;
/** Seven months of the group: the last one is shown, the others are what one steps back to. */
const groupDays = daysFrom("2026-01-01", 212);
const lastMonth = { from: "2026-07-01", to: "2026-08-01" };

export const bench: Bench = {
  name: "ux",
  about:
    "screens: a year's chart (UX-01), a table of 100,000 points (UX-02), a month of 500 points, search, in a real browser",
  async run(context) {
    const stops: (() => Promise<void>)[] = [];
    try {
      return { metrics: await measure(context, stops) };
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
};

async function measure(context: BenchContext, stops: (() => Promise<void>)[]): Promise<Metric[]> {
  const folder = temporaryFolder("ux");
  stops.push(async () => rmSync(folder, { recursive: true, force: true }));
  const embedded = await startEmbeddedPostgres({ folder: join(folder, "postgres") });
  stops.push(() => embedded.stop());
  const db = openDatabase({ url: embedded.url });
  stops.push(() => db.close());
  await migrate(db);
  context.log(`${points} points and a year of one curve`);
  await importInventory(db, inventory(), { keyRing: testKeyRing(db) });
  const pointId = await storeYear(db);
  context.log(`${groupDays.length} days of a group of ${groupSize}`);
  const groupId = await storeGroup(db);

  const webRoot = fileURLToPath(new URL("dist", import.meta.resolve("@energsys/web/package.json")));
  const server = await startServer({
    databaseUrl: embedded.url,
    port: 0,
    webRoot,
    zone,
    logLevel: "error",
    keyProvider: testKeyProvider,
  });
  stops.push(() => server.stop());
  const { browser, close } = await launchBrowser();
  stops.push(close);
  const browsing = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    ignoreHTTPSErrors: true,
  });
  await signIn(browsing, server.url, await createFirstToken(db, Date.now()));
  return [
    ...(await measureChart(browsing, `${server.url}/points/${pointId}?tab=curve&last=365`, context)),
    ...(await measureGroup(browsing, server.url, groupId)),
    ...(await measureTable(browsing, `${server.url}/points`, context)),
    ...(await measureSearch(browsing, server.url)),
  ];
}

function inventory(): Inventory {
  const streets = ["Lungă", "Gării", "Școlii", "Nucilor", "Crișan", "Fântânii", "Morii", "Teiului"];
  const branch = (index: number) => [
    "Argeș",
    `Stația ${1 + Math.floor(index / 10_000)}`,
    `PT ${1 + Math.floor(index / 100)}`,
  ];
  return {
    branches: [],
    points: Array.from({ length: points }, (_, index) => {
      const serial = String(70_000_000 + index);
      return {
        pod: `RO005E${500_000_000 + index}`,
        name: `Abonat ${index}`,
        address: `Str. ${streets[index % streets.length]} ${1 + (index % 200)}, Pitești`,
        branch: branch(index),
        phases: 1 as const,
        meter: { serial, manufacturer: "ENS", model: "energsys-virtual-dlms", phases: 1 as const },
        installedAt: "2024-01-01T00:00:00Z",
        device: {
          identity: `ENS00000${serial}`,
          model: "energsys-virtual-dlms",
          url: `dlms+tcp://127.0.0.1:${1024 + (index % 60_000)}?client=16`,
          direction: "dial" as const,
        },
      };
    }),
  };
}

/** 35,040 quarter-hours up to now for the first point; returns its id. */
async function storeYear(db: Database): Promise<number> {
  const { rows } = await db.query<{ point_id: number; meter_id: number; device_id: number }>(sql`
    select point_id, meter_id, device_id from installation join device using (meter_id) order by point_id limit 1`);
  const { point_id: pointId, meter_id: meterId, device_id: deviceId } = rows[0]!;
  const nowMs = Date.now();
  const last = Math.floor(nowMs / 900_000) * 900_000;
  const count = 35_040;
  const startsMs = Float64Array.from({ length: count }, (_, index) => last - (count - index) * 900_000);
  const values = Float64Array.from(startsMs, (start, index) => {
    const quarter = (start / 900_000) % 96;
    return Math.round(60 + 140 * Math.exp(-(((quarter - 68) / 10) ** 2)) + ((index * 7919) % 97));
  });
  await storeDeliveries(
    db,
    [
      {
        deviceId,
        meterId,
        receivedAtMs: nowMs,
        blocks: [],
        registers: [],
        events: [],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: "1-0:1.29.0*255", kind: "delta", unit: "Wh", scale: 0 }],
            startsMs,
            values: [values],
            flags: new Uint16Array(count),
          },
        ],
      },
    ],
    { nowMs, zone },
  );
  return pointId;
}

/** A group of the points after the first one, with its sums; returns its id. */
async function storeGroup(db: Database): Promise<number> {
  const { rows } = await db.query<{ pointId: number; channelId: number }>(sql`
    with member as (select point_id from point order by point_id limit ${groupSize} offset 1), added as (
      insert into channel (point_id, obis, kind, unit, scale, period_s)
      select point_id, ${energies["A+"]}, 'delta', 'Wh', 0, 900 from member returning point_id, channel_id)
    select point_id as "pointId", channel_id as "channelId" from added order by point_id`);
  const nowMs = Date.now();
  const random = randomFrom(5);
  for (const { channelId } of rows) {
    const days = curvesOf(random, groupDays).map(({ active: values, flags }, day) => ({
      ...{ channel: { channelId, kind: "delta" as const }, date: groupDays[day]!, values, flags },
    }));
    await importLoadDays(db, days, { nowMs });
  }
  const groupId = await addGroup(db, { kind: "free", name: "500", branchId: null });
  const add = rows.map(({ pointId }) => ({ pointId, sign: 1 as const }));
  const fromMs = Date.UTC(2025, 0, 1);
  await applyGroupChange(
    db,
    everywhere,
    { groupId, side: "members", fromMs, add },
    { by: "bench", reason: "" },
  );
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
  await db.query(sql`vacuum analyze load_day`);
  await db.query(sql`vacuum analyze group_day`);
  return groupId;
}

async function signIn(browsing: BrowserContext, url: string, token: string): Promise<void> {
  const account = {
    token,
    name: "bench",
    displayName: "Bench",
    password: "measures nothing secret",
    language: "en",
  };
  const answer = await browsing.request.post(`${url}/api/first-account`, {
    data: account,
    headers: { origin: url },
  });
  if (!answer.ok()) throw new Error(`no account: ${await answer.text()}`);
}

/** Milliseconds since navigation at which a page set a mark. */
async function markAt(page: Page, name: string): Promise<number> {
  const found = await page.waitForFunction((mark) => performance.getEntriesByName(mark)[0]?.startTime, name, {
    timeout: 60_000,
  });
  return (await found.jsonValue()) as number;
}

async function measureChart(browsing: BrowserContext, url: string, { log }: BenchContext): Promise<Metric[]> {
  const times = async (slowdown: number) => {
    const measured: number[] = [];
    for (let run = 0; run < runs; run++) {
      const page = await browsing.newPage();
      const tools = await browsing.newCDPSession(page);
      await tools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
      await page.goto(url);
      measured.push(await markAt(page, "chart-painted"));
      await page.close();
    }
    return median(measured);
  };
  const plain = await times(1);
  const slowed = await times(4);
  log(
    `year's chart: ${Math.round(plain)} ms, with the processor slowed to a quarter ${Math.round(slowed)} ms`,
  );
  return [
    atMost("UX-01 year's chart painted", plain, "ms", 1000),
    atMost("UX-01 with CPU x4", slowed, "ms", 2500),
  ];
}

/** A month of a group by quarter-hour, from the step back to the month before until it is painted: each is asked for the first time. */
async function measureGroup(browsing: BrowserContext, url: string, groupId: number): Promise<Metric[]> {
  const page = await browsing.newPage();
  await page.goto(`${url}/an/load-curve?of=g${groupId}&from=${lastMonth.from}&to=${lastMonth.to}`);
  await markAt(page, "chart-painted");
  const steps: number[] = [];
  // The first step is not counted: code that is run for the first time is compiled.
  for (let run = 0; run <= runs; run++) steps.push(await page.evaluate(stepBackAndWatch));
  await page.close();
  const answers: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const days = `from=${lastMonth.from}&to=${lastMonth.to}`;
    const answer = await browsing.request.get(
      `${url}/api/analysis/series?of=g${groupId}&energy=A%2B&${days}`,
    );
    if (!answer.ok()) throw new Error(await answer.text());
    answers.push(performance.now() - start);
  }
  return [
    atMost("a group of 500 by quarter-hour, a month, on the screen", median(steps.slice(1)), "ms", 150),
    { name: "the same, the first step", value: steps[0]!, unit: "ms" },
    { name: "the same, the answer of the API", value: median(answers), unit: "ms" },
  ];
}

/** In the page: steps to the period before and waits until its figures stand there and a frame was painted. */
async function stepBackAndWatch(): Promise<number> {
  const total = () => document.querySelector('[aria-labelledby="comes"] tbody td')?.textContent;
  const button = document.querySelector<HTMLButtonElement>(".e-period button");
  const before = total();
  if (!button || !before) throw new Error("there is no curve");
  const start = performance.now();
  button.click();
  while (total() === before) {
    if (performance.now() - start > 20_000) throw new Error("no other curve comes");
    await new Promise(requestAnimationFrame);
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}

async function measureTable(browsing: BrowserContext, url: string, { log }: BenchContext): Promise<Metric[]> {
  const firstRows: number[] = [];
  const frames: number[] = [];
  let rowsMax = 0;
  for (let run = 0; run < runs; run++) {
    const page = await browsing.newPage();
    await page.goto(url);
    const painted = await markAt(page, "rows-painted");
    firstRows.push(painted - (await markAt(page, "rows-received")));
    const scroll = await page.evaluate(scrollAndWatch);
    frames.push(...scroll.frameMs);
    rowsMax = Math.max(rowsMax, scroll.rowsMax);
    await page.close();
  }
  const sorted = frames.sort((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  log(`table: ${sorted.length} frames watched`);
  return [
    atMost("UX-02 first rows after data", median(firstRows), "ms", 300),
    atMost("UX-02 scrolling, median frame", median(sorted), "ms", 17),
    atMost("UX-02 scrolling, 95 % of frames", p95, "ms", 34),
    atMost("UX-02 row nodes", rowsMax, "nodes", 80),
  ];
}

/** In the page: scrolls for three seconds and notes how long each frame took and how many rows there are. */
async function scrollAndWatch(): Promise<{ frameMs: number[]; rowsMax: number }> {
  const scroller = document.querySelector("[data-table-scroll]");
  if (!scroller) throw new Error("there is no table");
  const frameMs: number[] = [];
  let rowsMax = 0;
  let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const end = before + 3000;
  while (before < end) {
    scroller.scrollTop += 240;
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    frameMs.push(now - before);
    before = now;
    rowsMax = Math.max(rowsMax, scroller.querySelectorAll('[role="row"]').length);
  }
  return { frameMs, rowsMax };
}

async function measureSearch(browsing: BrowserContext, url: string): Promise<Metric[]> {
  const queries = [
    "70054321",
    "pitesti",
    "scolii 17",
    "abonat 99999",
    "RO005E500077",
    "fantanii",
    "lunga 1",
    "crisan",
  ];
  const times: number[] = [];
  for (let run = 0; run < runs * queries.length; run++) {
    const start = performance.now();
    const answer = await browsing.request.get(
      `${url}/api/search?q=${encodeURIComponent(queries[run % queries.length]!)}`,
    );
    if (!answer.ok()) throw new Error(`search: ${answer.status()}`);
    times.push(performance.now() - start);
  }
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
  return [atMost("search among 100,000 points, 95 %", p95, "ms", 150)];
}
