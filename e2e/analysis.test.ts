import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { marketDay, marketDayOf, slotsOf } from "@energsys/metering";
import { createFirstToken, startServer } from "@energsys/server";
import {
  addGroup,
  applyGroupChange,
  everywhere,
  foldGroups,
  importInventory,
  importLoadDays,
  sql,
} from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { password } from "./sign-in.ts";
import { isBuilt, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

/** One to the west of the network and one without changes of the clock; more of them in a thorough run. */
const browserZones = [
  "UTC",
  "America/New_York",
  ...(process.env["ENERGSYS_TIMES"] === undefined ? [] : ["Europe/Bucharest", "Europe/Paris"]),
];

/** A folder for pictures of every state, when somebody wants to look at them. */
const pictures = process.env["ENERGSYS_PICTURES"];
const zone = "Europe/Bucharest";
const pointCount = 12;
const nowMs = Date.now();

let browser: Browser;
let closeBrowser: () => Promise<void>;
let server: Awaited<ReturnType<typeof startServer>>;
let database: Awaited<ReturnType<typeof testDatabase>>;
let state: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
let groupId = 0;
let subscriberId = 0;

/** Days around both clock changes of the year, and the last forty. */
function days(): string[] {
  const around = (day: string) =>
    [-2, -1, 0, 1, 2].map((days) => Temporal.PlainDate.from(day).add({ days }).toString());
  const today = Temporal.PlainDate.from(marketDayOf(nowMs, zone).date);
  const recent = Array.from({ length: 70 }, (_, n) => today.subtract({ days: 70 - n }).toString());
  return [...new Set([...around("2026-03-29"), ...around("2026-10-25"), ...recent])].sort();
}

const members = Array.from({ length: pointCount / 2 }, (_, n) => 2 * n + 1);
const thief = 5;

/** A number from 0 to 1 that goes by its name alone. */
const chance = (name: string): number => createHash("sha256").update(name).digest().readUInt32BE() / 2 ** 32;

/** What a point takes in a quarter-hour, Wh: most in the evening, each with days of its own. */
const taken = (pointId: number, date: string, slot: number): number => {
  const day = dayParts.get(`${pointId} ${date}`) ?? [
    chance(`base ${pointId} ${date}`),
    chance(`evening ${pointId} ${date}`),
  ];
  dayParts.set(`${pointId} ${date}`, day);
  const evening = Math.exp(-((slot / 4 - 18 - 3 * day[0]) ** 2) / 5);
  return 60 + 60 * day[0] + (250 + 600 * day[1]) * evening + ((slot * 7 + pointId * 13) % 40);
};
const dayParts = new Map<string, readonly [number, number]>();
/** What feeds in by day. */
const given = (slot: number): number =>
  Math.round(Math.max(0, 900 * Math.sin(((slot / 4 - 7) / 12) * Math.PI)));

beforeAll(async () => {
  if (!isBuilt) return;
  database = await testDatabase();
  const { db, url } = database;
  await importInventory(db, {
    branches: [],
    // One more: the balance meter of the transformer.
    points: Array.from({ length: pointCount + 1 }, (_, n) => ({
      pod: `RO005E${520_000_001 + n}`,
      name: `Popescu Ion ${n + 1}`,
      address: `Strada Scurtă nr. ${n + 1}, Mioveni`,
      branch: ["Argeș", n % 2 === 0 ? "PT 7" : "PT 8"],
      phases: 1 as const,
      meter: {
        serial: `${80_000_001 + n}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
      },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: `TST${n}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial" as const,
      },
    })),
  });
  // The last two and the balance meter also feed in.
  await db.query(sql`update point set direction = 'both' where point_id > ${pointCount - 2}`);
  const recentDays = new Set(days().slice(-70));
  const { rows } = await db.query<{ pointId: number; channelId: number; obis: string }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select point_id, obis, 'delta', case when obis like '%:3.%' then 'varh' else 'Wh' end, 0, 900
    from point cross join unnest(array['1-0:1.29.0*255', '1-0:2.29.0*255', '1-0:3.29.0*255']) as obis
    where obis not like '%:2.%' or direction = 'both'
    returning point_id as "pointId", channel_id as "channelId", obis`);
  await importLoadDays(
    db,
    rows.flatMap(({ pointId, channelId, obis }) =>
      days().map((date) => {
        const slots = slotsOf(marketDay(date, zone), 900);
        const flags = new Uint16Array(slots);
        const values = Float64Array.from({ length: slots }, (_, slot) => {
          if (pointId > pointCount) {
            const net = members.reduce((sum, member) => sum + taken(member, date, slot), 0) - given(slot);
            return Math.round(
              Math.max(0, obis.includes(":2.") ? -net : net) / (obis.includes(":3.") ? 5 : 1),
            );
          }
          if (obis.includes(":2.")) return given(slot);
          // Behind the transformer a meter sees a third of what is taken, since seventy days.
          const part = pointId === thief && recentDays.has(date) ? 0.35 : 1;
          return Math.round((taken(pointId, date, slot) * part) / (obis.includes(":3.") ? 5 : 1));
        });
        // One point lost a morning a week ago, another was estimated then.
        if (pointId === 2 && date === days().at(-7)) values.fill(Number.NaN, 20, 40);
        if (pointId === 3 && date === days().at(-7)) flags.fill(0x0800, 40, 60);
        return { channel: { channelId, kind: "delta" as const }, date, values, flags };
      }),
    ),
    { nowMs },
  );
  groupId = await addGroup(db, { kind: "transformer", name: "PT 7 Mioveni", branchId: null });
  for (const [side, pointIds] of [
    ["members", members],
    ["balance", [pointCount + 1]],
  ] as const)
    await applyGroupChange(
      db,
      everywhere,
      {
        ...{ groupId, side, fromMs: Date.UTC(2026, 0, 1) },
        add: pointIds.map((pointId) => ({ pointId, sign: 1 as const })),
      },
      { by: "test", reason: "" },
    );
  for (;;) {
    const folded = await foldGroups(db, { zone, nowMs });
    if (folded.changes + folded.days === 0) break;
  }
  server = await startServer({
    databaseUrl: url,
    port: 0,
    webRoot,
    keyProvider: testKeyProvider,
    logLevel: "silent",
    zone,
  });
  ({ browser, close: closeBrowser } = await launchBrowser());
  const context = await browser.newContext();
  const token = await createFirstToken(db, nowMs);
  await context.request.post(`${server.url}/api/first-account`, {
    headers: { origin: server.url },
    data: { token, name: "ana.vior", displayName: "Ana Vior", password, language: "en" },
  });
  state = await context.storageState();
  const { csrfToken } = await (await context.request.get(`${server.url}/api/session`)).json();
  const moved = await context.request.post(`${server.url}/api/points/1/contracts`, {
    headers: { origin: server.url, "x-csrf-token": csrfToken },
    data: {
      number: "C-2026-1",
      from: "2026-09-30T21:00:00Z",
      subscriber: {
        ...{ kind: "household", number: "9001", name: "Ștefănescu-Brătianu Țuțea Alexandrina-Smaranda" },
        ...{ phone: "", email: "", address: "" },
      },
    },
  });
  expect(moved.status()).toBe(201);
  subscriberId = (await moved.json()).subscriberId;
  await context.close();
}, 120_000);

afterAll(async () => {
  await closeBrowser?.();
  await server?.stop();
  await database?.drop();
});

async function open(
  options: { width?: number; scheme?: "light" | "dark"; zone?: string } = {},
): Promise<Page> {
  const width = options.width ?? 1280;
  const context = await browser.newContext({
    storageState: state,
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: options.scheme ?? "light",
    timezoneId: options.zone ?? "America/New_York",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const month = "from=2026-10-01&to=2026-11-01";

describe.skipIf(!isBuilt)("analysis", () => {
  test("J6 consumption of a group last month is a file after four steps", async () => {
    const page = await open();
    await page.goto(`${server.url}/op`);
    await page.getByRole("link", { name: "Consumption", exact: true }).click();
    const chooser = page.getByLabel("Choose a point, group or branch");
    await chooser.fill("mioveni");
    await page.getByRole("option", { name: /PT 7 Mioveni/ }).click();
    await page.locator("select").filter({ hasText: "month" }).last().selectOption("point");
    await page.getByRole("link", { name: "RO005E520000001" }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    const text = await readFile(await file.path(), "utf8");
    expect(text).toContain("Of;PT 7 Mioveni");
    expect(text).toContain("Coverage;");
    // What is shown is what the file holds.
    const rows = await page.locator("tbody tr").count();
    expect(text.split("\r\n").filter((line) => line.startsWith("RO005E"))).toHaveLength(rows);
    expect(rows).toBe(pointCount / 2);
    // The address is the view: another window shows the same rows.
    const again = await open();
    await again.goto(page.url());
    await again.locator("tbody tr").first().waitFor();
    expect(await again.locator("table").innerText()).toBe(await page.locator("table").innerText());
    await again.context().close();
    await page.context().close();
  }, 120_000);

  test("J5 the worst transformer of this month, its worst hour and the point that is to blame", async () => {
    const page = await open();
    await page.goto(`${server.url}/op`);
    const begun = performance.now();
    await page.getByRole("link", { name: "Balance and losses", exact: true }).first().click();
    // The one with the greatest unexplained loss is the first of the map.
    await page
      .locator("section[aria-labelledby=loss-map] tbody tr")
      .first()
      .getByRole("link")
      .first()
      .click();
    await page.getByRole("heading", { name: "PT 7 Mioveni", level: 1 }).waitFor();
    const hours = page.locator("section[aria-labelledby=loss-hours] .e-chart").last();
    await hours.focus();
    expect(await hours.getAttribute("aria-valuetext")).toMatch(/Wh/);
    const worst = page.locator("section[aria-labelledby=suspects] ol > li").first();
    expect(await worst.innerText()).toContain(`RO005E${520_000_000 + thief}`);
    await picture(page, "j5-transformer");
    await worst.getByRole("link", { name: `RO005E${520_000_000 + thief}` }).click();
    await page.waitForURL(new RegExp(`/points/${thief}\\b`));
    // Three clicks and a look; a person has a minute, a script far less.
    expect(performance.now() - begun).toBeLessThan(60_000);
    await page.context().close();
  }, 120_000);

  test.each(["2026-03-29", "2026-10-25"])(
    "UX-13 %s is the same picture whatever the browser's zone",
    async (day) => {
      const seen = new Map<string, unknown>();
      for (const browserZone of browserZones) {
        const page = await open({ zone: browserZone });
        const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
        await page.goto(`${server.url}/an/load-curve?of=g${groupId}&from=${day}&to=${next}`);
        await page.locator(".e-chart canvas").nth(1).waitFor();
        await settle(page);
        const slider = page.locator(".e-chart").first();
        await slider.focus();
        const labels: string[] = [];
        for (const key of ["Home", ...new Array(14).fill("ArrowRight"), "End"]) {
          await slider.press(key);
          labels.push((await slider.getAttribute("aria-valuetext")) ?? "");
        }
        await page.locator("h1").click();
        await settle(page);
        seen.set(browserZone, {
          intervals: Number(await slider.getAttribute("aria-valuemax")) + 1,
          labels,
          pictures: await page
            .locator(".e-chart canvas")
            .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL())),
          table: await page.locator("table").innerText(),
        });
        if (browserZone === "UTC") await picture(page, `clock-change-${day}`);
        await page.context().close();
      }
      const [first, ...others] = [...seen.values()] as [
        { intervals: number; labels: string[] },
        ...unknown[],
      ];
      for (const other of others) expect(other).toEqual(first);
      expect(first.intervals).toBe(day === "2026-03-29" ? 92 : 100);
      const told = first.labels.join("\n");
      if (day === "2026-03-29") {
        expect(told).toMatch(/02:45–04:00/);
        expect(told).not.toMatch(/03:15/);
      } else {
        expect(told).toMatch(/03:15 \+03/);
      }
      expect(first.labels.at(-1)).toMatch(/23:45–00:00/);
    },
    180_000,
  );

  test("several curves, one on the right axis, compared with a year of weekdays before, at chosen resolutions", async () => {
    const page = await open();
    await page.goto(`${server.url}/an/load-curve?of=g${groupId}&${month}`);
    await page.locator(".e-chart canvas").nth(1).waitFor();
    await page.getByLabel("Add a point, group or branch").fill("520000002");
    await page.getByRole("option", { name: /RO005E520000002/ }).click();
    await page.getByRole("button", { name: /on the right axis/ }).click();
    await page.getByLabel("Compare with").selectOption("previous");
    await page.getByText("(right)").waitFor();
    expect(page.url()).toMatch(/right=p2/);
    expect(await page.locator("table tbody tr").count()).toBe(2);
    await page.getByLabel("Resolution").selectOption("week");
    await settle(page);
    const slider = page.locator(".e-chart").first();
    await slider.focus();
    await slider.press("Home");
    await slider.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/mean .* · RO005E520000002: /);
    await picture(page, "load-curve-several");
    await page.context().close();
  }, 120_000);

  test.each([
    { width: 1280, scheme: "light" },
    { width: 390, scheme: "dark" },
  ] as const)(
    "the screens are readable at $width pixels, $scheme",
    async ({ width, scheme }) => {
      const page = await open({ width, scheme });
      for (const [name, path] of [
        ["load-curve", `load-curve?of=g${groupId}.p1&${month}`],
        ["load-curve-week", "load-curve?of=s"],
        ["consumption", `consumption?of=g${groupId}&${month}&compare=previous`],
        ["consumption-net", `consumption?of=s&energy=net&${month}&by=point`],
        ["statistics", `statistics?of=s&${month}`],
        ["peaks", `peaks?of=s&${month}`],
        ["balance", `balance?${month}`],
        ["balance-transformer", `balance/${groupId}?${month}`],
        ["records", "subscribers"],
        ["record", `subscribers/${subscriberId}`],
        ["empty", "consumption?from=2019-01-01&to=2019-02-01"],
      ] as const) {
        await page.goto(`${server.url}/an/${path}`);
        await page.locator("h1").waitFor();
        await page.locator("table, [role=grid], .e-empty").first().waitFor();
        await settle(page);
        await picture(page, `${name}-${width}-${scheme}`);
        expect([name, await violations(page)]).toEqual([name, []]);
        expect([name, await sidewaysScroll(page)]).toEqual([name, expect.toSatisfy((px: number) => px <= 0)]);
      }
      await page.context().close();
    },
    240_000,
  );
});
