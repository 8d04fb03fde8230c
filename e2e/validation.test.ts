import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { marketDay, marketDayOf, slotsOf } from "@energsys/metering";
import { createFirstToken, createLogger, readyRoles, startJobs, startServer } from "@energsys/server";
import {
  editValues,
  everywhere,
  importInventory,
  sql,
  storeDeliveries,
  validateChanged,
} from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { password } from "./sign-in.ts";
import { isBuilt, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

/** A folder for pictures of every state, when somebody wants to look at them. */
const pictures = process.env["ENERGSYS_PICTURES"];
const zone = "Europe/Bucharest";
const nowMs = Date.now();
const today = marketDayOf(nowMs, zone).date;
const back = (days: number) => Temporal.PlainDate.from(today).subtract({ days }).toString();
const gapDay = back(2);

/** Points with a gap of the same hour: what J4 accepts in one go. */
const likeGaps = 300;
const spiky = 300;
const frozen = 301;
const pointCount = 302;
const historyDays = 9;
const lastMonth = Temporal.PlainDate.from(today)
  .with({ day: 1 })
  .subtract({ months: 1 })
  .toString()
  .slice(0, 7);
const billedBranch = "PT 9";

let browser: Browser;
let closeBrowser: () => Promise<void>;
let server: Awaited<ReturnType<typeof startServer>>;
let jobs: Awaited<ReturnType<typeof startJobs>>;
let database: Awaited<ReturnType<typeof testDatabase>>;
type State = Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
let admin: State;
let billing: State;
let second: State;

/** A curve of a day: an evening peak, a little different from point to point. */
const valueAt = (point: number, slot: number): number =>
  Math.round(
    60 + (point % 7) * 5 + 180 * Math.max(0, Math.sin(((slot - 56) / 40) * Math.PI)) + ((slot * 37) % 11),
  );

beforeAll(async () => {
  if (!isBuilt) return;
  database = await testDatabase();
  const { db, url } = database;
  await importInventory(db, {
    branches: [],
    points: Array.from({ length: pointCount }, (_, n) => ({
      pod: `RO005E${510_000_001 + n}`,
      name: `Popescu Ion ${n + 1}`,
      address: `Strada Lungă nr. ${n + 1}, Țițești`,
      branch: ["Pitești", n % 2 === 0 ? "PT 7" : "PT 8"],
      phases: 1 as const,
      meter: {
        serial: `${70_000_001 + n}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
      },
      installedAt: new Date(marketDay(back(historyDays - 1), zone).startMs).toISOString(),
      device: {
        identity: `TST${n}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial" as const,
      },
    })),
  });
  const { rows } = await db.query<{ meterId: number; deviceId: number }>(sql`
    select meter_id as "meterId", device_id as "deviceId" from device order by device_id`);
  for (let days = historyDays - 1; days > 0; days--) {
    const day = marketDay(back(days), zone);
    const length = slotsOf(day, 900);
    await storeDeliveries(
      db,
      rows.map((row, n) => {
        const values = Float64Array.from({ length }, (_, slot) => valueAt(n, slot));
        if (day.date === gapDay) {
          if (n < likeGaps) values.fill(Number.NaN, 56, 60);
          if (n === spiky) values[40] = 3_600;
          if (n === frozen) values.fill(137, 20, 44);
        }
        return {
          ...row,
          receivedAtMs: nowMs,
          blocks: [],
          registers: [],
          events: [],
          profiles: [
            {
              obis: "1-0:99.1.0*255",
              periodSeconds: 900,
              columns: [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }],
              startsMs: Float64Array.from({ length }, (_, slot) => day.startMs + slot * 900_000),
              values: [values],
              flags: new Uint16Array(length),
            },
          ],
        };
      }),
      { nowMs, zone },
    );
  }
  await lastMonthToBill();
  while ((await validateChanged(db, { nowMs, zone })).changes > 0);
  server = await startServer({
    databaseUrl: url,
    port: 0,
    webRoot,
    keyProvider: testKeyProvider,
    logLevel: "silent",
    zone,
  });
  jobs = await startJobs({ databaseUrl: url, keyProvider: testKeyProvider, zone }, createLogger("silent"));
  ({ browser, close: closeBrowser } = await launchBrowser());
  const context = await browser.newContext();
  const token = await createFirstToken(db, nowMs);
  const origin = server.url;
  await context.request.post(`${origin}/api/first-account`, {
    headers: { origin },
    data: { token, name: "ana.vior", displayName: "Ana Vior", password, language: "en" },
  });
  admin = await context.storageState();
  await context.close();
  billing = await somebody("bia.pop");
  second = await somebody("dan.rus");
}, 240_000);

/** A branch of its own with two points that stood there all last month: one with every interval since, one that was never read. */
async function lastMonthToBill(): Promise<void> {
  const { db } = database;
  const firstDay = Temporal.PlainDate.from(`${lastMonth}-01`);
  await importInventory(db, {
    branches: [],
    points: ["whole", "never read"].map((name, n) => ({
      pod: `RO005E${520_000_001 + n}`,
      name,
      address: "Strada Gării nr. 1, Țițești",
      branch: ["Pitești", billedBranch],
      phases: 1 as const,
      meter: {
        serial: `${71_000_001 + n}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
      },
      installedAt: new Date(marketDay(firstDay.toString(), zone).startMs).toISOString(),
      device: {
        identity: `BIL${n}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial" as const,
      },
    })),
  });
  const { rows } = await db.query<{ meterId: number; deviceId: number }>(
    sql`select meter_id as "meterId", device_id as "deviceId" from device where identity = 'BIL0'`,
  );
  const length = (marketDay(today, zone).startMs - marketDay(firstDay.toString(), zone).startMs) / 900_000;
  const firstMs = marketDay(firstDay.toString(), zone).startMs;
  await storeDeliveries(
    db,
    [
      {
        ...rows[0]!,
        receivedAtMs: nowMs,
        blocks: [],
        registers: [],
        events: [],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }],
            startsMs: Float64Array.from({ length }, (_, nth) => firstMs + nth * 900_000),
            values: [Float64Array.from({ length }, (_, nth) => valueAt(1, nth % 96))],
            flags: new Uint16Array(length),
          },
        ],
      },
    ],
    { nowMs, zone },
  );
}

/** Somebody who bills, signed in. */
async function somebody(name: string): Promise<State> {
  const { db } = database;
  // The first account's own hash: the same password, without a link that is sent by mail.
  await db.query(sql`
    insert into account (name, display_name, language, password_hash, password_changed_at)
    select ${name}, ${name}, 'en', password_hash, now() from account where name = 'ana.vior'`);
  await db.query(sql`
    insert into role_grant (account_id, role_id, reason, valid_from, granted_at)
    select account_id, role_id, 'test', now() - interval '1 minute', now() from account, role
    where account.name = ${name} and role.ready = 'billing'`);
  const context = await browser.newContext();
  const answer = await context.request.post(`${server.url}/api/session`, {
    headers: { origin: server.url },
    data: { name, password },
  });
  expect(answer.status()).toBeLessThan(300);
  const state = await context.storageState();
  await context.close();
  return state;
}

afterAll(async () => {
  await closeBrowser?.();
  await jobs?.stop();
  await server?.stop();
  await database?.drop();
});

async function open(
  state: State,
  path: string,
  { width = 1280, scheme = "light" }: { width?: number; scheme?: "light" | "dark" } = {},
): Promise<Page> {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(`${server.url}${path}`);
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const count = async (state: string): Promise<number> => {
  const { rows } = await database.db.query<{ n: number }>(
    sql`select count(*)::int as n from finding where rule = 'V03' and day = ${gapDay} and state = ${state}`,
  );
  return rows[0]!.n;
};
const detail = (page: Page) => page.locator(".e-work-right");

describe.skipIf(!isBuilt)("the validation workbench", () => {
  test("the roles of this test are those of the catalogue", () => {
    expect(readyRoles.billing).toContain("validation.change");
  });

  test("looks as it should, on a desk and on a phone, light and dark, and axe finds nothing", async () => {
    for (const [width, scheme] of [
      [1280, "light"],
      [390, "dark"],
    ] as const) {
      const page = await open(billing, "/op/validation", { width, scheme });
      await page.locator(".e-work-list button").first().waitFor();
      if (width > 600) await detail(page).getByRole("radio").first().waitFor();
      await picture(page, `validation-${width}-${scheme}`);
      expect(await sidewaysScroll(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      if (width < 600) {
        await page.locator(".e-work-list button").first().click();
        await detail(page).getByRole("radio").first().waitFor();
        await picture(page, `validation-${width}-one`);
        expect(await sidewaysScroll(page)).toBe(0);
        expect(await violations(page)).toEqual([]);
        await page.getByRole("button", { name: /Back to the list/ }).click();
        await page.locator(".e-work-list button").first().waitFor();
      }
      await page.context().close();
    }
  });

  test("J3: a gap with its suggested estimate takes two keys, and can be taken back within ten seconds", async () => {
    const page = await open(billing, "/op/validation");
    await detail(page).getByRole("radio").first().waitFor();
    const before = await count("accepted");
    const began = Date.now();
    await page.keyboard.press("e");
    await page.keyboard.press("Enter");
    await expect.poll(() => count("accepted")).toBe(before + 1);
    expect(Date.now() - began).toBeLessThan(8_000);
    await page.getByText(/^Accepted: /).waitFor();
    await picture(page, "validation-accepted");
    await page.keyboard.press("u");
    await expect.poll(() => count("accepted")).toBe(before);
    await page.context().close();
  });

  test("j and k move, another method is chosen by arrows and stands as a version", async () => {
    const page = await open(billing, "/op/validation");
    await detail(page).getByRole("radio").first().waitFor();
    const first = await detail(page).locator("#finding").innerText();
    await page.keyboard.press("j");
    await expect.poll(() => detail(page).locator("#finding").innerText()).not.toBe(first);
    await page.keyboard.press("k");
    await expect.poll(() => detail(page).locator("#finding").innerText()).toBe(first);
    const finding = detail(page).getByRole("radio");
    await finding.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("e");
    await page.keyboard.press("Enter");
    await expect.poll(() => count("edited")).toBe(1);
    await page.getByText("Saved as a new version").waitFor();
    await page.keyboard.press("u");
    await expect.poll(() => count("edited")).toBe(0);
    await page.context().close();
  });

  test("t sends somebody there: the finding stands aside, and comes back to the front with what it came to", async () => {
    const page = await open(billing, "/op/validation?rule=V03");
    await detail(page).getByRole("radio").first().waitFor();
    await page.keyboard.press("j");
    const front = await page.locator(".e-work-list button").first().innerText();
    await expect
      .poll(() => page.locator(".e-work-list button[aria-current=true]").innerText())
      .not.toBe(front);
    const sent = await page.locator(".e-work-list button[aria-current=true]").innerText();
    // The keys of a finding are those of its panel.
    await detail(page).getByRole("radio").first().waitFor();
    await page.keyboard.press("t");
    await page.locator("[role=dialog] textarea").fill("câinele este legat");
    await picture(page, "validation-field-task");
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Control+Enter");
    const chip = page.getByRole("button", { name: "Waits for the field 1" });
    await chip.waitFor();
    await expect
      .poll(() => page.locator(".e-work-list").innerText())
      .not.toContain(/RO005E\d+/.exec(sent)![0]);
    await chip.click();
    await detail(page).getByRole("link", { name: "Task 1" }).click();
    await page.getByLabel("What it came to").fill("antena smulsă, pusă la loc");
    await page.getByRole("button", { name: "Done", exact: true }).click();
    await page.getByRole("button", { name: "Open again" }).waitFor();
    await page.goto(`${server.url}/op/validation?rule=V03`);
    await detail(page).getByText("antena smulsă, pusă la loc").waitFor();
    expect(await page.locator(".e-work-list button").first().innerText()).toContain("Back from the field");
    await page.context().close();
  });

  test("values are typed, stepped by arrows, pasted from a spreadsheet, and above the limit a second person decides", async () => {
    const page = await open(billing, "/op/validation?rule=V03");
    await detail(page).getByRole("radio").first().waitFor();
    await page.keyboard.press("v");
    const inputs = detail(page).locator(".e-edit-scroll input");
    await expect.poll(() => inputs.count()).toBe(4);
    await page.keyboard.type("1,5");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Shift+ArrowUp");
    expect(await inputs.first().inputValue()).toBe("1.511");
    await inputs.first().evaluate((input) => {
      const data = new DataTransfer();
      data.setData("text", "40,5\n40,5\n40\n40\n");
      input.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    expect(await inputs.nth(2).inputValue()).toBe("40");
    await detail(page).getByLabel("Comment").fill("read by hand");
    await picture(page, "validation-edit");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText("Above the limit: a second person decides").waitFor();
    await page.goto(`${server.url}/op/validation/edits`);
    await page.getByText("Yours: somebody else decides").waitFor();
    const other = await open(second, "/op/validation/edits");
    await other.getByRole("button", { name: "Approve" }).waitFor();
    await picture(other, "validation-edits");
    expect(await violations(other)).toEqual([]);
    await other.getByLabel("Note").fill("sheet seen");
    await other.getByRole("button", { name: "Approve" }).click();
    await other.getByText("No edit waits").waitFor();
    await expect.poll(() => count("edited")).toBe(1);
    await other.context().close();
    await page.context().close();
  });

  test("a spike is rejected by r, and an estimate takes its place", async () => {
    const page = await open(billing, "/op/validation?rule=V10");
    await detail(page).getByRole("radio").first().waitFor();
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByLabel("Comment").fill("no such load");
    await page.keyboard.press("Enter");
    await page.getByText("Saved as a new version").waitFor();
    await page.goto(`${server.url}/op/validation?rule=V10&state=edited`);
    await detail(page).getByText("rejected").waitFor();
    await picture(page, "validation-rejected");
    const { rows } = await database.db.query<{ kind: string }>(
      sql`select kind from value_edit where kind = 'refusal' and state = 'applied'`,
    );
    expect(rows).toHaveLength(1);
    await page.context().close();
  });

  test("J4: three hundred like gaps with their preview take three keys, and the job says how far it is", async () => {
    const page = await open(billing, "/op/validation?rule=V03");
    await detail(page).getByRole("radio").first().waitFor();
    const waiting = await count("estimated");
    // The one that was edited above is decided.
    expect(waiting).toBe(likeGaps - 1);
    const began = Date.now();
    await page.keyboard.press("b");
    const accept = page.getByRole("dialog").getByRole("button", { name: `Accept ${waiting} findings` });
    await accept.waitFor();
    await expect.poll(() => page.getByRole("dialog").locator("tbody tr").count()).toBe(10);
    await picture(page, "validation-bulk");
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Enter");
    await expect.poll(() => count("accepted"), { timeout: 110_000 }).toBe(waiting);
    expect(Date.now() - began).toBeLessThan(120_000);
    await page
      .getByText(/^Accept findings.*done$/i)
      .first()
      .waitFor();
    await page.context().close();
  });

  test("a month is asked for by one person and closed by another; what is edited afterwards is listed, and both are files", async () => {
    const { db } = database;
    const { rows } = await db.query<{ branchId: number; channelId: number }>(sql`
      select branch_id as "branchId", channel_id as "channelId" from branch join location using (branch_id)
      join point using (location_id) join channel using (point_id) where branch.name = ${billedBranch}`);
    const { branchId, channelId } = rows[0]!;
    const page = await open(billing, `/op/billing?branch=${branchId}`);
    await page.getByText("1 point was never read").waitFor();
    await page.getByRole("button", { name: "Ask to close…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/1 point is frozen .* 1 point is left open/).waitFor();
    await dialog.getByLabel("Reason").fill("month is over");
    await picture(page, "billing-ask");
    await dialog.getByRole("button", { name: "Ask to close…" }).click();
    await page.getByText("Somebody else has to close it.").waitFor();
    // Who closes has just shown who they are; the other tests may have taken longer than that holds.
    await db.query(sql`update session set stepped_up_at = now()`);
    const other = await open(second, `/op/billing?branch=${branchId}`);
    await other.getByRole("button", { name: "Close the month" }).click();
    await other.getByRole("button", { name: "Values" }).click();
    await other.getByText("left open").waitFor();
    expect(await other.locator(".e-statistics").innerText()).toMatch(/Closed\s+1\b/);
    const dayInMonth = `${lastMonth}-10`;
    const edit = {
      channelId,
      day: dayInMonth,
      values: [{ slot: 40, value: 1_000 }],
      reason: "misreading" as const,
      comment: "seen on site",
      by: "bia.pop",
    };
    await editValues(db, everywhere, edit, { nowMs: Date.now(), zone });
    await other.getByRole("button", { name: "Look for corrections" }).click();
    await other.getByText("edited · bia.pop").waitFor();
    await picture(other, "billing-corrected");
    expect(await sidewaysScroll(other)).toBe(0);
    expect(await violations(other)).toEqual([]);
    const files = await other
      .getByRole("link", { name: "CSV" })
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
    const texts = await Promise.all(
      files.map(async (file) => (await other.context().request.get(`${server.url}${file}`)).text()),
    );
    expect(texts.map((text) => text.trim().split("\r\n").length)).toEqual([4, 3]);
    expect(texts[1]).toContain("misreading: seen on site");
    await other.context().close();
    await page.context().close();
  }, 90_000);

  test("rules, their trial on history, and the quality of the month", async () => {
    for (const width of [1280, 390]) {
      const page = await open(admin, "/cfg/validation-rules?rule=V10", { width });
      await page.getByRole("button", { name: "Try", exact: true }).waitFor();
      if (width > 600) {
        await page.getByRole("button", { name: "Try", exact: true }).click();
        await page.getByText("Findings as tried").waitFor({ timeout: 60_000 });
      }
      await picture(page, `validation-rules-${width}`);
      expect(await sidewaysScroll(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.goto(`${server.url}/op/quality?month=${gapDay.slice(0, 7)}`);
      await page.getByText("By branch").waitFor();
      await picture(page, `validation-quality-${width}`);
      expect(await sidewaysScroll(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    }
  });
});
