import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realClock } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventWord } from "../src/console/event-words.ts";
import { holdListeningConsole, type ListeningConsole } from "../src/console/listen.ts";
import { languages } from "../src/console/words.ts";
import type { Edge } from "../src/edge.ts";
import { eventBody, HeldCore, registersBody } from "./served.ts";

const nowMs = Date.UTC(2026, 10, 26, 12, 0, 0);
let core: HeldCore;
let hold: (address: string, clock?: Clock, onTrouble?: (code: string) => void) => ListeningConsole;
let listening: ListeningConsole;
let socket: Socket;
let shown: string;
let events: string[];
let config: object;

/** What the console asks of the rest, with the values of a quiet day. */
const edge = () =>
  ({
    get config() {
      return config;
    },
    clock: { reliable: true },
    state: () => ({
      supply: "mains",
      batteryPercent: 97,
      storeDaysLeft: 58,
      storeBytes: 12_400_000,
      notTaken: core.journal.newest - core.journal.taken,
      starts: 3,
      lastStartMs: nowMs - 3_600_000,
    }),
    lines: () => [
      { name: "rs485-1", broken: false, waiting: 0 },
      { name: "rs485-2", broken: true, waiting: 4 },
    ],
    recordEvent: (code: number, detail: string) => events.push(`${code.toString(16)} ${detail}`),
  }) as unknown as Edge;

/** Types a line and gives what is shown until the next prompt. */
async function type(line: string): Promise<string[]> {
  shown = "";
  socket.write(`${line}\r`);
  for (let n = 0; !shown.endsWith("> "); n++) {
    if (n > 200) throw new Error(`no prompt after: ${shown}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return shown.replace(/> $/, "").trimEnd().split("\r\n");
}

beforeEach(async () => {
  core = new HeldCore(nowMs);
  events = [];
  config = {};
  core.journal.append(nowMs - 60_000, 16, 2, registersBody(nowMs - 60_000, 33_402_264));
  core.journal.append(nowMs, 1, 3, eventBody(nowMs, 0x0101, "mains \u001b[2J failed"));
  const centre = {
    line: "accepted",
    address: "10.8.0.1:4060",
    sinceMs: nowMs,
    failures: 0,
    lastReceivedMs: nowMs,
  } as const;
  const subject = () => ({ edge: edge(), core, centre: () => centre });
  hold = (address, clock = realClock, onTrouble = () => undefined) =>
    holdListeningConsole({ address, subject, clock, onTrouble });
  listening = hold("127.0.0.1:0");
  await expect.poll(() => listening.port).toBeDefined();
  socket = connect({ host: "127.0.0.1", port: listening.port! });
  shown = "";
  socket.on("data", (chunk) => {
    shown += chunk.toString("ascii");
  });
  socket.on("error", () => {});
  while (!shown.endsWith("> ")) await new Promise((resolve) => setTimeout(resolve, 5));
});

afterEach(async () => {
  socket.destroy();
  await listening.stop();
});

test("the state in both languages, in lines of at most 80 characters", async () => {
  const romanian = await type("stare");
  expect(romanian.join("\n")).toMatchInlineSnapshot(`
    "ENC0000000000007  1.0
    Ceas:         2026-11-26 14:00:00 (sigur)
    Alimentare:   retea, Baterie 97 %
    Centru:       acceptat  10.8.0.1:4060
                  2026-11-26 14:00:00  incercari esuate: 0
    Contoare:     2, module: 1
    Memorie:      12.4 MB, 58 zile ramase
    Jurnal:       prima 1, ultima 2, predata 0
                  nepredate: 2
    Porniri:      3, ultima 2026-11-26 13:00:00"
  `);
  await type("limba en");
  const english = await type("state");
  expect(english.join("\n")).toMatchInlineSnapshot(`
    "ENC0000000000007  1.0
    Clock:        2026-11-26 14:00:00 (reliable)
    Supply:       mains, Battery 97 %
    Centre:       accepted  10.8.0.1:4060
                  2026-11-26 14:00:00  failed calls: 0
    Meters:       2, modules: 1
    Store:        12.4 MB, 58 days left
    Journal:      oldest 1, newest 2, taken 0
                  not taken: 2
    Starts:       3, last 2026-11-26 13:00:00"
  `);
  for (const line of [...romanian, ...english]) expect(line.length).toBeLessThanOrEqual(80);
});

test("of a modem that can be asked, network and signal", async () => {
  config = { modem: {} };
  expect(await type("stare")).toContain("Modem:        conectat, -71 dBm");
  await type("limba en");
  expect(await type("state")).toContain("Modem:        connected, -71 dBm");
});

test("meters with last reading, lines, orders, and events without bytes that steer the terminal", async () => {
  await type("limba en");
  const all = [
    ...(await type("meters")),
    ...(await type("lines")),
    ...(await type("orders")),
    ...(await type("events")),
  ];
  expect(all.join("\n")).toMatchInlineSnapshot(`
    "  16 ENS70500016    rs485-1/16       known     never        33402.264 kWh
      17 ENS70500017    rs485-1/17       known     never        -
      18 ENS70500018    rs485-1/18       known     never
    rs485-1:      good, waiting: 0
    rs485-2:      broken, waiting: 4
      17 ENS70500017    connected
    2026-11-26 14:00:00    1 0x0101 mains failed: mains ?[2J failed"
  `);
});

test("events have their names in both languages, every code of the agreement; a meter's own codes are left as they are", async () => {
  core.journal.append(nowMs, 17, 3, eventBody(nowMs, 0x0002, "0-0:99.98.0"));
  core.journal.append(nowMs, 17, 3, eventBody(nowMs, 0x1020, ""));
  expect((await type("evenimente")).slice(1).map((line) => line.slice(20))).toEqual([
    "  17 0x0002 0-0:99.98.0",
    "  17 0x1020 capac deschis",
  ]);
  const agreement = readFileSync(
    new URL("../../../docs/protocols/concentrator-centre.md", import.meta.url),
    "utf8",
  );
  const [said = ""] = /\*\*Codes of the concentrator's own events\*\*[\s\S]*?\n\n/.exec(agreement) ?? [];
  const codes = [...said.matchAll(/0x[0-9a-f]{4}/g)].map(([code]) => Number(code));
  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => languages.some((language) => eventWord(code, language) === ""))).toEqual([]);
});

test("help names every command, and each of them answers", async () => {
  const names = (await type("help")).map((line) => line.trim().split(" ")[0] ?? "");
  expect(names).toContain("meters");
  for (const name of names.filter((one) => !["limba", "exit"].includes(one)))
    expect((await type(name)).join("\n"), name).not.toContain("unknown command");
  expect((await type("ajutor"))[0]).toContain("stare");
  expect(core.ran).toEqual(["scan", "read"]);
});

test("the first command of a session is an event; a dump is one, and its file is whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  try {
    const path = join(folder, "all.dump");
    const [written = ""] = await type(`copie ${path}`);
    expect(written).toContain("scris");
    expect(existsSync(path)).toBe(true);
    expect(await type(`copie ${path}`)).toEqual([`esuat: ${path} is there already`.slice(0, 80)]);
    expect(await type("copie alta.dump doi")).toEqual(["scrie copie FISIER [DE_LA [PANA_LA]]"]);
    await type("stare");
    expect(events).toEqual(["402 127.0.0.1", "401 1-2"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the clock is set by local time", async () => {
  expect((await type("ceas 2026-11-26 15:30:00"))[1]).toBe("2026-11-26 15:30:00");
  expect(core.nowMs).toBe(Date.UTC(2026, 10, 26, 13, 30));
  // The journal says who it was.
  expect(core.clockSetBy).toBe("console");
  expect((await type("ceas maine"))[0]).toContain("AAAA-LL-ZZ");
});

test("a port that another program has is told once and taken when it is free; nothing waits for it", async () => {
  const due: (() => void)[] = [];
  const clock: Clock = {
    now: () => nowMs,
    after(_, action) {
      due.push(action);
      return () => undefined;
    },
  };
  const troubles: string[] = [];
  const other = hold(`127.0.0.1:${listening.port}`, clock, (code) => troubles.push(code));
  await expect.poll(() => due.length).toBe(1);
  due[0]!();
  await expect.poll(() => due.length).toBe(2);
  expect([troubles, other.port]).toEqual([["EADDRINUSE"], undefined]);
  socket.destroy();
  const { port } = listening;
  await listening.stop();
  due[1]!();
  await expect.poll(() => other.port).toBe(port);
  await other.stop();
});
