import {
  adjustIecClock,
  findStamp,
  type IecClockForm,
  type IecClockPolicy,
  IecReader,
  IecStation,
  instantOf,
  readIecClock,
  type StationAnswer,
  type StationDevice,
  zoneOffset,
} from "@energsys/protocols/iec62056-21";
import { expect, test } from "vitest";
import { StageClock } from "./stage.ts";
import { played, wire } from "./wire.ts";

const zone = "Europe/Bucharest";
const offset = zoneOffset(zone);
const seasonAt = (instant: number) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds === 7.2e12
    ? ("standard" as const)
    : ("daylight" as const);
const form: IecClockForm = { offset, seasonAt };

/** A meter whose clock is ahead by `aheadMs`, and that takes shifts of 60 s at most; written apart from the package. */
class ClockMeter implements StationDevice {
  readonly identification = { manufacturer: "ENS", baudCharacter: "5", identification: "CLOCK" };
  readonly address = "1";
  readonly writes: string[] = [];
  readonly #clock: StageClock;
  readonly #zoneDigit: boolean;
  readonly #startMs: number;
  aheadMs: number;

  constructor(clock: StageClock, startMs: number, aheadMs: number, zoneDigit = true) {
    this.#clock = clock;
    this.#startMs = startMs;
    this.aheadMs = aheadMs;
    this.#zoneDigit = zoneDigit;
  }

  readout() {
    return [];
  }

  #texts() {
    const at = this.#startMs + this.#clock.now() + this.aheadMs;
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
    const [date, time] = local.toPlainDateTime().toString({ smallestUnit: "second" }).split("T");
    const digit = this.#zoneDigit ? (local.offsetNanoseconds === 7.2e12 ? "0" : "1") : "";
    return {
      "0.9.1": digit + time!.replaceAll(":", ""),
      "0.9.2": digit + date!.slice(2).replaceAll("-", ""),
    };
  }

  command(command: string, address: string, argument: string): StationAnswer {
    const texts = this.#texts();
    if (!(address in texts)) return { kind: "error", text: "ER04" };
    const key = address as keyof typeof texts;
    if (command.startsWith("R")) {
      return { kind: "data", dataSets: [{ address, values: [{ value: texts[key] }] }] };
    }
    this.writes.push(`${address}(${argument})`);
    const wanted = { ...texts, [key]: argument };
    const digit = this.#zoneDigit ? wanted["0.9.1"][0] : "";
    const stamp = findStamp(`${digit}${wanted["0.9.2"].slice(-6)}${wanted["0.9.1"].slice(-6)}`);
    if (!stamp) return { kind: "error", text: "ER05" };
    const aheadMs = instantOf(stamp, offset) - (this.#startMs + this.#clock.now());
    if (address === "0.9.1" && Math.abs(aheadMs - this.aheadMs) > 61_000)
      return { kind: "error", text: "ER06" };
    this.aheadMs = aheadMs;
    return { kind: "ack" };
  }
}

async function stage(start: string, aheadMs: number, zoneDigit?: boolean) {
  const clock = new StageClock();
  const startMs = Date.parse(start);
  const ends = wire(clock, { socket: true });
  const meter = new ClockMeter(clock, startMs, aheadMs, zoneDigit);
  new IecStation(ends.meter, clock, meter, { reactionMs: 20 });
  const reader = new IecReader(ends.reader, clock);
  await played(clock, reader.signOn());
  await played(clock, reader.enterProgramming());
  const real = { now: () => startMs + clock.now(), after: clock.after.bind(clock) };
  const adjust = (how = form, policy?: IecClockPolicy) =>
    played(clock, adjustIecClock(reader, real, how, policy));
  return { meter, adjust, read: (how = form) => played(clock, readIecClock(reader, real, how)) };
}

test.each([
  ["2026-10-20T10:05:00Z", 12_000],
  ["2026-10-20T10:05:00Z", -12_000],
  ["2026-10-25T00:35:00Z", 12_000],
  ["2026-10-25T01:35:00Z", -12_000],
])("at %s a clock that is %i ms ahead is read, set, and read back", async (start, aheadMs) => {
  const { meter, adjust, read } = await stage(start, aheadMs);
  expect(Math.abs((await read())! - aheadMs)).toBeLessThan(1100);
  const outcome = await adjust();
  expect(outcome.kind).toBe("set");
  expect(Math.abs(meter.aheadMs)).toBeLessThan(1100);
  expect(meter.writes).toHaveLength(1);
});

test("a clock that is good is left alone", async () => {
  const { meter, adjust } = await stage("2026-10-20T10:05:00Z", 900);
  expect((await adjust()).kind).toBe("good");
  expect(meter.writes).toEqual([]);
});

test("a large deviation is taken back in small shifts", async () => {
  const { meter, adjust } = await stage("2026-10-20T10:05:00Z", 95_000);
  const first = await adjust();
  expect(first).toMatchObject({ kind: "set" });
  expect(meter.aheadMs).toBeGreaterThan(63_000);
  expect(meter.aheadMs).toBeLessThan(67_000);
});

test("a clock is not set across the border of a load-profile period", async () => {
  const { meter, adjust } = await stage("2026-10-20T10:14:55Z", 12_000);
  expect((await adjust()).kind).toBe("period-border");
  expect(meter.writes).toEqual([]);
});

test("a clock that is hours off is not touched", async () => {
  const { meter, adjust } = await stage("2026-10-20T10:05:00Z", 7_200_000);
  expect((await adjust()).kind).toBe("too-far");
  expect(meter.writes).toEqual([]);
});

test("what the meter refuses is told, and not tried again", async () => {
  const { meter, adjust } = await stage("2026-10-20T10:05:00Z", 300_000);
  const outcome = await adjust(form, { shiftMaxMs: 120_000 });
  expect(outcome).toMatchObject({ kind: "refused", error: "ER06" });
  expect(meter.writes).toHaveLength(1);
});

test("a meter without zone digits is read and set too, and one without a clock is no error", async () => {
  const bare = await stage("2026-07-20T10:05:00Z", 12_000, false);
  expect((await bare.adjust({ ...form, zoneDigit: "none" })).kind).toBe("set");
  expect(bare.meter.writes[0]).toMatch(/^0\.9\.1\(13050\d\)$/);
  const none = await stage("2026-07-20T10:05:00Z", 12_000);
  expect(await none.adjust({ ...form, timeAddress: "C.1", dateAddress: "C.2" })).toEqual({
    kind: "unreadable",
  });
});
