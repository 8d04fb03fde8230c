import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startFakeServer } from "./fixtures/fake-server.ts";
import {
  clippedTexts,
  isBuilt,
  lookRules,
  openPage,
  settle,
  sidewaysScroll,
  violations,
  webRoot,
} from "./fixtures/visit.ts";

type Fake = Awaited<ReturnType<typeof startFakeServer>>;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let full: Fake;
let empty: Fake;

beforeAll(async () => {
  full = await startFakeServer({ webRoot, points: 2_000, stageMs: 150 });
  empty = await startFakeServer({ webRoot, points: 0, empty: true });
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser?.();
  await full?.stop();
  await empty?.stop();
});

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly outside?: boolean;
  readonly empty?: boolean;
  /** What is waited for, and opened, before the look. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<void>;
}

const isThorough = process.env["ENERGSYS_TIMES"] !== undefined;
const nowhere = "/nothing/here";
/** What only the page of such an address has. */
const nothing = '.e-main > .e-empty a[href="/"]';

const screens: readonly Screen[] = [
  { name: "sign-in", path: "/sign-in", outside: true, ready: "form" },
  {
    name: "sign-in refused",
    path: "/sign-in",
    outside: true,
    ready: "form",
    act: async (page) => {
      await page.locator("input").first().fill("ana");
      await page.locator("input").nth(1).fill("wrong");
      await page.keyboard.press("Enter");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "first run", path: "/first-run#token=letmein", outside: true, empty: true, ready: "form" },
  { name: "what to read first", path: "/first-run", ready: ".e-choice" },
  { name: "operations", path: "/op", ready: ".e-attention li" },
  { name: "operations without devices", path: "/op", empty: true, ready: ".e-empty" },
  { name: "alarms", path: "/op/alarms?state=all", ready: "table" },
  { name: "no alarm", path: "/op/alarms", empty: true, ready: ".e-empty" },
  {
    name: "an acknowledgement",
    path: "/op/alarms",
    ready: "table",
    act: async (page) => {
      await page.locator("thead input[type=checkbox]").check();
      await page.locator("main .e-row > button").first().click();
      await page.locator("[role=dialog] textarea").waitFor();
    },
  },
  { name: "reports", path: "/an/reports", ready: "table" },
  { name: "reports before the first one", path: "/an/reports", empty: true, ready: ".e-empty" },
  { name: "a report", path: "/an/reports/1", ready: ".e-report-chart" },
  { name: "a report that is not there", path: "/an/reports/9", ready: "[role=alert]" },
  {
    name: "a formula that is refused",
    path: "/an/reports/new",
    ready: ".e-report-chart",
    act: async (page) => {
      await page.locator(".e-formula textarea").first().fill("sum([A+] + 3 V)");
      await page.locator(".e-formula-fault").waitFor();
    },
  },
  {
    name: "a report being scheduled",
    path: "/an/reports/1",
    ready: ".e-report-chart",
    act: async (page) => {
      await page.locator("section[aria-labelledby=rp-schedules] .e-panel-head button").click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  { name: "delivery of reports", path: "/adm/delivery", ready: "form" },
  { name: "branches", path: "/cfg/branches", ready: "table" },
  { name: "branches before the first one", path: "/cfg/branches", empty: true, ready: ".e-empty" },
  {
    name: "a branch that is changed",
    path: "/cfg/branches",
    ready: "table",
    act: async (page) => {
      await page.locator("tbody tr:nth-child(2) button").nth(1).click();
      await page.locator("[role=dialog] select").waitFor();
    },
  },
  { name: "locations", path: "/cfg/locations", ready: ".e-grid-lines a" },
  { name: "locations with their plot", path: "/cfg/locations?plot=true", ready: "figure svg circle" },
  { name: "locations before the first one", path: "/cfg/locations", empty: true, ready: ".e-empty" },
  { name: "a location with what is fitted there", path: "/cfg/locations/2", ready: "table" },
  { name: "a location as it was on a day", path: "/cfg/locations/2?on=2026-03-01", ready: ".e-notice" },
  {
    name: "something that is fitted at a location",
    path: "/cfg/locations/2",
    ready: "table",
    act: async (page) => {
      await page.locator(".e-panel-head button").last().click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  {
    name: "a point that is entered at a location",
    path: "/cfg/locations/2",
    ready: "table",
    act: async (page) => {
      await page.locator("section:has(> .e-panel-head h2) .e-panel-head > button").first().click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  {
    name: "a point that is moved to another location",
    path: "/points/1?tab=configuration",
    ready: ".e-facts",
    act: async (page) => {
      await page.locator("main .e-panel-head .e-row button").nth(-2).click();
      await page.locator("[role=dialog] input").first().fill("Strada");
      await page.locator("[role=dialog] input[type=radio]").first().waitFor();
    },
  },
  {
    name: "a reading plan that is made for a point",
    path: "/points/2?tab=configuration",
    ready: ".e-facts",
    act: async (page) => {
      await page.locator(".e-pair > section:last-child .e-panel-head button").first().click();
      await page.locator("[role=dialog] select").selectOption("new");
    },
  },
  { name: "a location that is not there", path: "/cfg/locations/99999", ready: "[role=alert]" },
  { name: "modems", path: "/cfg/modems", ready: ".e-grid-lines [role=row]" },
  { name: "modems before the first one", path: "/cfg/modems", empty: true, ready: ".e-empty" },
  { name: "SIM cards", path: "/cfg/modems?show=sims", ready: ".e-grid-lines [role=row]" },
  { name: "a modem with its past", path: "/cfg/modems/2", ready: "table" },
  { name: "a SIM card with its past", path: "/cfg/sims/2", ready: "table" },
  { name: "meters", path: "/cfg/meters", ready: ".e-grid-lines a" },
  { name: "meters before the first one", path: "/cfg/meters", empty: true, ready: ".e-empty" },
  { name: "a meter with its life", path: "/cfg/meters/2", ready: "table" },
  {
    name: "a meter's next state",
    path: "/cfg/meters/2",
    ready: "table",
    act: async (page) => {
      await page.locator(".e-panel-head button").nth(1).click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  { name: "a meter that is not there", path: "/cfg/meters/99999", ready: "[role=alert]" },
  { name: "meter types", path: "/cfg/meter-types", ready: "table" },
  { name: "a meter type with its history", path: "/cfg/meter-types/1", ready: "table" },
  {
    name: "a meter type being changed",
    path: "/cfg/meter-types/1",
    ready: "table",
    act: (page) => page.locator(".e-panel-head button").first().click(),
  },
  {
    name: "a rule of peaks, tried",
    path: "/an/peak-rules",
    ready: "table",
    act: async (page) => {
      await page.locator("main tbody tr").nth(1).locator("button").nth(1).click();
      await page.locator("main form button[type=button]").last().click();
      await page.locator("#peak-trial").waitFor();
    },
  },
  { name: "no rule of peaks", path: "/an/peak-rules", empty: true, ready: ".e-empty" },
  { name: "data files", path: "/an/exports", ready: "table" },
  { name: "data files before the first one", path: "/an/exports", empty: true, ready: ".e-empty" },
  { name: "subscribers", path: "/cfg/subscribers", ready: ".e-grid-lines a" },
  { name: "subscribers before the first contract", path: "/cfg/subscribers", empty: true, ready: ".e-empty" },
  { name: "a subscriber", path: "/cfg/subscribers/2", ready: "table" },
  {
    name: "a subscriber's data being changed",
    path: "/cfg/subscribers/2",
    ready: "table",
    act: (page) => page.locator(".e-panel-head button").first().click(),
  },
  {
    name: "an erasure being decided",
    path: "/cfg/subscribers/4",
    ready: "[data-erasure=confirm]",
    act: async (page) => {
      await page.locator("[data-erasure=confirm]").click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "a subscriber who is erased", path: "/cfg/subscribers/3", ready: "table" },
  { name: "a subscriber who is not there", path: "/cfg/subscribers/99999", ready: "[role=alert]" },
  { name: "contracts of a point", path: "/points/1?tab=subscriber", ready: "table" },
  { name: "a point without a contract", path: "/points/3?tab=subscriber", ready: ".e-empty" },
  {
    name: "moving in at a point",
    path: "/points/1?tab=subscriber",
    ready: "table",
    act: async (page) => {
      await page.locator(".e-panel-head button").click();
      await page.locator("form").waitFor();
    },
  },
  {
    name: "taking a contract back",
    path: "/points/1?tab=subscriber",
    ready: "table",
    act: async (page) => {
      await page.locator("td button").last().click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "imports of points", path: "/cfg/import", ready: "table" },
  { name: "imports before the first file", path: "/cfg/import", empty: true, ready: ".e-empty" },
  { name: "a checked import", path: "/cfg/import/1", ready: "table" },
  {
    name: "a cell being corrected",
    path: "/cfg/import/1",
    ready: "table",
    act: async (page) => {
      await page.locator("td button").last().click();
      await page.locator("td form").waitFor();
    },
  },
  {
    name: "taking an import back",
    path: "/cfg/import/2",
    ready: ".e-statistics",
    act: async (page) => {
      await page.locator(".e-panel-head button").first().click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "an import that is not there", path: "/cfg/import/99", ready: "[role=alert]" },
  {
    name: "balance and losses",
    path: "/an/balance?from=2026-10-01&to=2026-11-01&compare=previous",
    ready: "figure svg",
  },
  { name: "a balance of nothing", path: "/an/balance", empty: true, ready: ".e-empty" },
  {
    name: "losses of a transformer",
    path: "/an/balance/3?from=2026-10-01&to=2026-11-01",
    ready: "[aria-labelledby=suspects] figure svg",
  },
  { name: "losses of a group that is not there", path: "/an/balance/99", ready: "[role=alert]" },
  {
    name: "transformer data being entered",
    path: "/an/balance/3?from=2026-10-01&to=2026-11-01",
    ready: "[aria-labelledby=suspects] figure svg",
    act: async (page) => {
      await page.locator("section[aria-labelledby=rating] .e-panel-head button").click();
      await page.locator("[role=dialog] input").first().waitFor();
    },
  },
  {
    name: "a case being opened",
    path: "/an/balance/3?from=2026-10-01&to=2026-11-01",
    ready: "[aria-labelledby=suspects] figure svg",
    act: async (page) => {
      await page.locator("section[aria-labelledby=suspects] button").first().click();
      await page.locator("[role=dialog] textarea").first().waitFor();
    },
  },
  { name: "tariffs", path: "/cfg/tariffs", ready: "table" },
  { name: "tariffs before the first one", path: "/cfg/tariffs", empty: true, ready: ".e-empty" },
  { name: "a tariff with its year", path: "/cfg/tariffs/2", ready: ".e-year g" },
  {
    name: "a version of a tariff with a fault",
    path: "/cfg/tariffs/2",
    ready: ".e-year g",
    act: async (page) => {
      await page.locator("section[aria-labelledby=versions] td.e-end button").first().click();
      await page.locator("section[aria-labelledby=editor] input[type=time]").first().fill("");
      await page.locator("section[aria-labelledby=editor] [aria-invalid=true]").first().waitFor();
    },
  },
  { name: "multi-rate of a point", path: "/an/multi-rate?of=p1", ready: "figure" },
  { name: "loss cases", path: "/an/cases", ready: "table" },
  { name: "no loss case", path: "/an/cases", empty: true, ready: ".e-empty" },
  { name: "a loss case", path: "/an/cases/1", ready: "#history" },
  { name: "field work", path: "/op/field?state=all", ready: ".e-field-tasks" },
  { name: "no field task", path: "/op/field", empty: true, ready: ".e-empty" },
  { name: "a field task", path: "/op/field/12", ready: ".e-now" },
  { name: "concentrators", path: "/cfg/equipment", ready: ".e-grid-lines a" },
  { name: "concentrators before the first call", path: "/cfg/equipment", empty: true, ready: ".e-empty" },
  { name: "a silent concentrator", path: "/cfg/equipment/2", ready: ".e-topology" },
  { name: "a concentrator in quarantine", path: "/cfg/equipment/1", ready: ".e-topology" },
  { name: "a concentrator that is not there", path: "/cfg/equipment/99999", ready: "[role=alert]" },
  {
    name: "an adoption",
    path: "/cfg/equipment/1",
    ready: ".e-topology",
    act: async (page) => {
      await page.locator("main .e-head-actions button").first().click();
      await page.locator("[role=dialog] input").waitFor();
    },
  },
  {
    name: "settings of a concentrator",
    path: "/cfg/equipment/5",
    ready: ".e-topology",
    act: async (page) => {
      await page.locator("section[aria-labelledby=settings] .e-panel-body button").click();
      await page.locator("section[aria-labelledby=settings] input").first().fill("7200");
    },
  },
  {
    name: "meters that are adopted",
    path: "/cfg/equipment/5",
    ready: ".e-topology",
    act: async (page) => {
      await page.locator("section[aria-labelledby=differences] div > button").click();
      const fields = page.locator("[role=dialog] input");
      await fields.nth(0).fill("RO001NEW0000001");
      await fields.nth(1).fill("X");
      await page.locator("[role=dialog] button[type=submit]").click();
      await page.locator("[role=dialog] .e-mark").nth(1).waitFor();
    },
  },
  {
    name: "an exchange of a meter",
    path: "/cfg/equipment/5",
    ready: ".e-topology",
    act: async (page) => {
      await page.locator("section[aria-labelledby=differences] li button").click();
      await page.locator("[role=dialog] textarea").waitFor();
    },
  },
  {
    name: "a retirement",
    path: "/cfg/equipment/2",
    ready: ".e-topology",
    act: async (page) => {
      await page.locator("main .e-head-actions button[aria-haspopup]").click();
      await page.locator("[role=menuitem]").last().click();
      await page.locator("[role=dialog] textarea").waitFor();
    },
  },
  { name: "imports from the field", path: "/cfg/field-imports", ready: "table" },
  { name: "imports before the first", path: "/cfg/field-imports", empty: true, ready: ".e-empty" },
  {
    name: "a file from the field that was checked",
    path: "/cfg/field-imports",
    ready: "table",
    act: async (page) => {
      await page.locator("input[type=file]").setInputFiles({
        name: "MC-118.dump",
        mimeType: "text/plain",
        buffer: Buffer.from("ENERGSYS-MC-DUMP/1"),
      });
      await page.locator("main form button[type=submit]").click();
      await page.locator("[role=status] table").waitFor();
    },
  },
  {
    name: "columns of a file being mapped",
    path: "/cfg/field-imports",
    ready: "table",
    act: async (page) => {
      await page.locator("input[type=file]").setInputFiles({
        name: "istoric.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("Nr. contor;Data;Ora;Consum activ kWh;UM"),
      });
      await page.locator("main form button").last().click();
      await page.locator("#map-columns ~ form table").waitFor();
    },
  },
  { name: "groups", path: "/cfg/groups", ready: ".e-grid-lines a" },
  { name: "groups before the first", path: "/cfg/groups", empty: true, ready: ".e-empty" },
  {
    name: "findings among groups",
    path: "/cfg/groups",
    ready: ".e-grid-lines a",
    act: async (page) => {
      await page.locator(".e-check-list button").first().click();
      await page.locator(".e-check-findings li").first().waitFor();
    },
  },
  {
    name: "a new group",
    path: "/cfg/groups",
    ready: ".e-grid-lines a",
    act: async (page) => {
      await page.locator("main .e-head-actions button").first().click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  { name: "a group with its balance", path: "/cfg/groups/4", ready: ".e-chart canvas" },
  { name: "a group without a balance meter", path: "/cfg/groups/5", ready: ".e-chart canvas" },
  { name: "a group above others", path: "/cfg/groups/2", ready: ".e-check-findings" },
  { name: "a free group", path: "/cfg/groups/12", ready: "#rule" },
  {
    name: "a group being moved",
    path: "/cfg/groups/4",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("main .e-head-actions button").first().click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  {
    name: "a group being removed",
    path: "/cfg/groups/4",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("main .e-head-actions button").nth(1).click();
      await page.locator("[role=dialog] form").waitFor();
    },
  },
  {
    name: "a group being given a reading plan",
    path: "/cfg/groups/4",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("main .e-head-actions button").nth(2).click();
      await page.locator("[role=dialog] form select").waitFor();
    },
  },
  {
    name: "a file of groups",
    path: "/cfg/groups/files",
    ready: "table",
    act: async (page) => {
      await page.locator("input[type=file]").setInputFiles({
        name: "grupuri.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("kind;group"),
      });
      await page
        .locator("main form input[type=text], main form input:not([type])")
        .last()
        .fill("Rețeaua nouă");
      await page.locator("main form button[type=submit]").click();
      await page.locator("[role=status] table").waitFor();
    },
  },
  { name: "no file of groups yet", path: "/cfg/groups/files", empty: true, ready: ".e-empty" },
  { name: "a group that is not there", path: "/cfg/groups/99999", ready: "[role=alert]" },
  {
    name: "members of a group being changed",
    path: "/cfg/groups/4",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("section[aria-labelledby=members] .e-panel-head button").last().click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "approvals", path: "/cfg/approvals", ready: "table" },
  { name: "approvals that were decided", path: "/cfg/approvals?show=all", ready: "table" },
  { name: "no approval", path: "/cfg/approvals", empty: true, ready: ".e-empty" },
  {
    name: "an approval being given",
    path: "/cfg/approvals",
    ready: "table",
    act: async (page) => {
      await page.locator("td button").first().click();
      await page.locator("[role=dialog] textarea").waitFor();
    },
  },
  {
    name: "what is asked of a meter's ratios",
    path: "/points/2?tab=configuration",
    ready: "table",
  },
  {
    name: "ratios being changed",
    path: "/points/50?tab=configuration",
    ready: "table",
    act: async (page) => {
      await page.locator(".e-panel-head button").first().click();
      await page.locator("main form").first().waitFor();
    },
  },
  { name: "the chain of a point", path: "/points/7", ready: "#chain" },
  {
    name: "a silent concentrator among what needs attention",
    path: "/op",
    ready: ".e-attention a[href*='/cfg/equipment/']",
  },
  { name: "points", path: "/points", ready: ".e-grid-lines a" },
  { name: "points without a match", path: "/points?q=zzzzzz", ready: ".e-empty" },
  { name: "points before the first", path: "/points", empty: true, ready: ".e-empty" },
  { name: "overview of a point", path: "/points/5", ready: ".e-chart canvas" },
  { name: "load curve", path: "/points/5?tab=curve", ready: ".e-chart canvas" },
  {
    name: "load curve of a year",
    path: "/points/5?tab=curve&from=2026-01-01&to=2027-01-01",
    ready: ".e-chart canvas",
  },
  {
    name: "load curve as table",
    path: "/points/5?tab=curve",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("figure button[aria-pressed]").click();
      await page.locator(".e-grid-lines [role=row]").first().waitFor();
    },
  },
  { name: "registers", path: "/points/5?tab=registers", ready: ".e-grid-lines [role=row]" },
  { name: "events", path: "/points/5?tab=events", ready: ".e-grid-lines [role=row]" },
  { name: "communication", path: "/points/5?tab=communication", ready: ".e-grid-lines [role=row]" },
  { name: "keys", path: "/adm/keys", ready: "table" },
  { name: "system health", path: "/adm/health", ready: "table polyline" },
  { name: "tunnels", path: "/adm/vpn", ready: "table" },
  { name: "certificates of devices", path: "/adm/certificates", ready: "table" },
  {
    name: "another certificate",
    path: "/adm/certificates",
    ready: "table",
    act: async (page) => {
      await page.locator("td button").first().click();
      await page.locator("[role=dialog] input").first().waitFor();
    },
  },
  {
    name: "who one is, asked anew",
    path: "/adm/keys",
    ready: "table",
    act: async (page) => {
      await page.locator(".e-panel form.e-row button[type=submit]").first().click();
      await page.locator("[role=dialog] input").waitFor();
    },
  },
  {
    name: "the end of a tunnel",
    path: "/adm/vpn",
    ready: "table",
    act: async (page) => {
      await page.locator("td button").nth(1).click();
      await page.locator("[role=dialog] button").nth(1).waitFor();
    },
  },
  { name: "configuration", path: "/points/5?tab=configuration", ready: "table" },
  { name: "a point that is not there", path: "/points/99999999", ready: "[role=alert]" },
  { name: "an address that is not there", path: nowhere, ready: ".e-empty" },
  {
    name: "a read under way",
    path: "/points/6",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.keyboard.press("r");
      await page.locator(".e-stages").waitFor();
    },
  },
  { name: "adding a device", path: "/devices/new", ready: "form" },
  {
    name: "a device that answered",
    path: "/devices/new",
    ready: "form",
    act: async (page) => {
      await page.locator("main input").first().fill("dlms+tcp://10.0.0.1:4059");
      await page.keyboard.press("Enter");
      await page.locator("#found").waitFor();
    },
  },
  {
    name: "a form with faults",
    path: "/devices/new",
    ready: "form",
    act: async (page) => {
      await page.locator("main input").first().fill("dlms+tcp://10.0.0.1:4059");
      await page.keyboard.press("Enter");
      await page.locator("#found").waitFor();
      await page.locator("main .e-row button").first().click();
      await page.locator("main button[type=submit]").click();
      await page.locator("main [role=alert]").waitFor();
    },
  },
  {
    name: "the palette",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(".e-palette-input").fill("titesti");
      await page.locator("[role=option]").nth(3).waitFor();
    },
  },
  {
    name: "the list of shortcuts",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.keyboard.press("?");
      await page.locator("dl.e-facts").waitFor();
    },
  },
  {
    name: "the jobs tray",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.locator(".e-header-end button").first().click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "power quality", path: "/an/power-quality", ready: "#part-phases" },
  { name: "power quality without voltages", path: "/an/power-quality", empty: true, ready: "#part-phases" },
  {
    name: "limits of the voltage being changed",
    path: "/an/power-quality",
    ready: "#voltage-limits",
    act: async (page) => {
      await page.locator("section:has(> .e-panel-head > #voltage-limits) .e-panel-head button").click();
      await page.locator("form").waitFor();
    },
  },
  { name: "system events", path: "/an/events?event=door-opened", ready: "#part-kinds" },
  { name: "communication history", path: "/an/communication", ready: "#part-errors" },
  { name: "acquisition", path: "/an/acquisition", ready: "#part-byGateway" },
  {
    name: "acquisition before the first device",
    path: "/an/acquisition",
    empty: true,
    ready: "#part-errors",
  },
  { name: "continuity", path: "/an/continuity", ready: "#part-indices" },
  {
    name: "works being entered",
    path: "/an/continuity?of=g3",
    ready: "#works",
    act: async (page) => {
      await page.locator("section:has(> .e-panel-head > #works) .e-panel-head button").click();
      await page.locator("form").waitFor();
    },
  },
  { name: "all parts", path: "/_parts", ready: "[data-part=marks]" },
];

type Opened = Awaited<ReturnType<typeof openPage>>;
const opened = new Map<string, Promise<Opened>>();

/** One page for all screens of a kind: its browser has the application already, as that of somebody at work has. */
function pageFor(screen: Screen): Promise<Opened> {
  const key = `${screen.outside ?? false} ${screen.empty ?? false}`;
  let page = opened.get(key);
  if (!page) {
    page = openPage(browser, screen.empty ? empty.url : full.url, { signedIn: !screen.outside });
    opened.set(key, page);
  }
  return page;
}

/** Pages that have the application: it goes on in them. */
const loaded = new WeakSet<Page>();

/** To another screen as a link goes there, which takes a part of a load; by way of an address without a page, so that nothing old is looked at. */
async function walk(page: Page, path: string): Promise<void> {
  const go = (to: string) =>
    page.evaluate((address) => {
      history.pushState({}, "", address);
      dispatchEvent(new PopStateEvent("popstate"));
    }, to);
  await go(nowhere);
  await page.locator(nothing).waitFor();
  await go(path);
  await page.locator(nothing).waitFor({ state: "detached" });
}

async function look(screen: Screen): Promise<Opened> {
  const own = await pageFor(screen);
  const { page, faults } = own;
  faults.length = 0;
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: "light" });
  // What the screen before left behind is not this one's: drafts, jobs. (about:blank has no storage.)
  if (page.url().startsWith("http"))
    await page.evaluate(() => {
      sessionStorage.clear();
      for (const key of Object.keys(localStorage))
        if (key !== "energsys.language") localStorage.removeItem(key);
      dispatchEvent(new StorageEvent("storage"));
    });
  const origin = screen.empty ? empty.url : full.url;
  if (loaded.has(page) && screen.path !== nowhere) await walk(page, screen.path);
  else await page.goto(origin + screen.path);
  if (!screen.outside) loaded.add(page);
  await page.locator(screen.ready).first().waitFor();
  await screen.act?.(page);
  await settle(page);
  return own;
}

/** All texts 40 % longer from now on. */
async function stretch(page: Page): Promise<void> {
  await page.evaluate(() => {
    localStorage.setItem("energsys.stretched", "yes");
    dispatchEvent(new StorageEvent("storage"));
  });
  await settle(page);
}

async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await settle(page);
}

describe.skipIf(!isBuilt)("every screen", () => {
  test.each(screens)(
    "UX-06, UX-08, UX-15 $name: axe finds nothing in light on a desk and in dark on a phone; nothing is wider than 320 px; no text is cut when all are stretched",
    async (screen) => {
      const { page, faults } = await look(screen);
      // Under a dialog lies a page that is looked at by itself: its half-covered buttons are nobody's to press now.
      const covered = screen.act !== undefined && (await page.locator("[role=dialog]:visible").count()) > 0;
      const within = covered ? "[role=dialog]" : "html";
      // Colours hang on the theme and the layout on the width: two looks see both of each. A usual run takes one of them, in turn, and with it
      // the narrowest width or the longest texts; screens are made of the same parts.
      const turn = screens.indexOf(screen) % 2;
      const looks = [
        [1280, 860, "light", undefined],
        [390, 844, "dark", isThorough ? lookRules : undefined],
      ] as const;
      for (const [width, height, colorScheme, rules] of isThorough ? looks : [looks[turn]!]) {
        await page.emulateMedia({ colorScheme });
        await resize(page, width, height);
        expect(await violations(page, within, rules), `${colorScheme} ${width}`).toEqual([]);
      }
      if (isThorough || turn === 0) {
        await resize(page, 320, 640);
        expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      }
      expect(faults).toEqual([]);
      if (screen.name === "all parts" || !(isThorough || turn === 1)) return;
      await stretch(page);
      for (const width of isThorough ? [390, 1280] : [390]) {
        await resize(page, width, 860);
        expect(await clippedTexts(page), `stretched ${width}`).toEqual([]);
        expect(await sidewaysScroll(page), `stretched ${width}`).toBeLessThanOrEqual(0);
      }
    },
  );
});
