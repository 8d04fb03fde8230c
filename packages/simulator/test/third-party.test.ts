import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, type RunningConcentrator, startConcentrator } from "@energsys/concentrator";
import pino from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { StageClock } from "./field-line.ts";
import { instantOf, type Plain, type ReadEntry, ThirdPartyCentre } from "./third-party-centre.ts";
import { ThirdPartyModule } from "./third-party-module.ts";

// Both agreements are enough to build the other side: a centre and a module written from the documents alone, with our concentrator between
// them. And what a centre asks for is done: a consumer is disconnected, stays so through losses of supply, and is connected by a clearance.

const folder = mkdtempSync(join(tmpdir(), "energsys-third-party-"));
const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startMs = Date.UTC(2026, 10, 26, 9, 50);
const minuteMs = 60_000;
const relay = "0-0:96.3.10*255";

async function stage(store: string) {
  const clock = new StageClock(startMs);
  const module = new ThirdPartyModule("70012345", clock);
  const checked = checkConfig({
    identity: "ENC0000000000017",
    clockTrusted: true,
    centre: { addresses: ["127.0.0.1:4060"] },
    store: { path: join(folder, store) },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["70012345"] }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const begin = async () => {
    const centre = new ThirdPartyCentre();
    const one = await startConcentrator(checked.config, {
      clock,
      log: pino({ level: "silent" }),
      random: () => 0.5,
      openLine: async () => module.line(),
      openCentre: async () => centre.line(),
    });
    running.push(one);
    await clock.advance(minuteMs);
    /** Time passes until something is answered. */
    const during = async <Result>(work: Promise<Result>): Promise<Result> => {
      let ended = false;
      const settled = work.finally(() => {
        ended = true;
      });
      settled.catch(() => undefined);
      for (let n = 0; n < 2000 && !ended; n++) await clock.advance(50);
      return settled;
    };
    return { centre, during };
  };
  return { clock, module, begin };
}

const text = (value: Plain | undefined) => String(value);
const outcomes = (entries: readonly ReadEntry[]) =>
  entries.filter(({ kind }) => kind === 5).map(({ body }) => [body[1], body[2], body[3]]);

test("a centre built from its document is called, lists the meters, drains the journal and moves what is taken", async () => {
  const { clock, module, begin } = await stage("drained.sqlite");
  const { centre, during } = await begin();
  expect(centre.announced[0]!.slice(0, 2).map(text)).toEqual(["ENC0000000000017", "ENERGSYS-MC/1"]);
  for (let quarter = 0; quarter < 8; quarter++) {
    await clock.advance(15 * minuteMs);
    module.pulses += 7;
  }
  await clock.advance(5 * minuteMs);
  await during(centre.associate(1, 1));
  const meters = (await during(centre.get(1, 1, 1, "0-128:96.11.0*255", 2))) as Plain[][];
  expect(meters.map((one) => [one[0], text(one[1]), one[5], one[6]])).toEqual([
    [16, "ENS70012345", 0, 0],
    [17, "XYZ70500001", 16, 1],
  ]);
  const entries = await during(centre.drain(1));
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, n) => n + 1));
  const profiles = entries.filter(({ kind, logicalDevice }) => kind === 1 && logicalDevice === 17);
  const intervals = profiles.flatMap(({ body }) => {
    const [name, period, start, columns, values] = body as [Buffer, number, Buffer, Plain[][], Plain[][]];
    expect([...name]).toEqual([1, 0, 99, 1, 0, 255]);
    expect(period).toBe(900);
    const [[, kind, scaler, unit]] = columns as [[Buffer, number, number, number]];
    expect([kind, unit]).toEqual([0, 30]);
    return values[0]!.map((value, n) => [
      instantOf(start) + n * 900_000,
      Number(value) * 10 ** Number(scaler),
    ]);
  });
  const first = Date.UTC(2026, 10, 26, 10, 0);
  expect(intervals.length).toBeGreaterThan(5);
  // 7 pulses of 5 Wh.
  expect(intervals).toEqual(intervals.map((_, n) => [first + n * 900_000, 35]));
  const state = (await during(centre.get(1, 1, 1, "0-128:96.9.0*255", 2))) as number;
  expect(state).toBe(entries.at(-1)!.number);
  expect(await during(centre.drain(state + 1))).toEqual([]);
}, 60_000);

test("an order of the centre is carried out and latched: cut in its middle it is finished, held against whoever closes the contact, and ended by a clearance", async () => {
  const { clock, module, begin } = await stage("ordered.sqlite");
  const first = await begin();
  await first.during(first.centre.associate(1, 17));
  // The module loses its supply between the command and the contact: it has written what it was told.
  const order = first.centre.action(1, 17, 70, relay, 1);
  for (let n = 0; n < 200 && module.ordered; n++) await clock.advance(10);
  expect(module).toMatchObject({ ordered: false, closed: true });
  module.setSupply(false);
  expect(await first.during(order)).toBe(2);
  // The concentrator loses its supply as well, and knows of the order when it is back.
  await running.pop()!.stop("supply");
  await clock.advance(30 * minuteMs);
  module.setSupply(true);
  expect(module).toMatchObject({ closed: false, moves: 1 });
  const second = await begin();
  const { centre, during } = second;
  await clock.advance(3 * minuteMs);
  await during(centre.associate(1, 1));
  const told = await during(centre.drain(1));
  expect(outcomes(told)).toEqual([
    [1, 2, true],
    [1, 0, false],
  ]);
  // Fulfilled already: it was read, and not given again.
  expect(module.commands.filter((one) => one.includes("96.3.10"))).toHaveLength(1);
  expect(module.moves).toBe(1);

  // Nobody but a clearance closes it: a hand at the module does not last.
  module.ordered = true;
  module.setSupply(false);
  module.setSupply(true);
  expect(module.closed).toBe(true);
  await clock.advance(20 * minuteMs);
  expect(module.closed).toBe(false);
  expect(
    centre.pushed.map(({ logicalDevice, body }) => [logicalDevice, (body[0] as Plain[])[1]]),
  ).toContainEqual([17, 0x1032]);

  await during(centre.associate(1, 17));
  expect(await during(centre.action(1, 17, 70, relay, 2))).toBe(0);
  expect(module.closed).toBe(true);
  expect(await during(centre.get(1, 17, 70, relay, 2))).toBe(true);
  await clock.advance(40 * minuteMs);
  expect(module.closed).toBe(true);
  const last = await during(centre.drain(told.at(-1)!.number + 1));
  expect(outcomes(last).at(-1)).toEqual([2, 0, true]);
}, 60_000);

test("another client than the one of the management gives no order", async () => {
  const { module, begin } = await stage("denied.sqlite");
  const { centre, during } = await begin();
  await during(centre.associate(16, 17));
  expect(await during(centre.action(16, 17, 70, relay, 1))).toBe(3);
  expect(module).toMatchObject({ closed: true, moves: 0 });
}, 60_000);
