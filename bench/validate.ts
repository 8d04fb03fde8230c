import {
  type CheckedDay,
  type DayHistory,
  marketDay,
  packDay,
  planRules,
  pointClasses,
  slotsOf,
  unpackDayInto,
  Validator,
} from "@energsys/metering";
import { atLeast, atMost, type Bench, median } from "./bench.ts";
import { curvesOf, periodSeconds, randomFrom, zone } from "./store-field.ts";

const date = "2026-03-04";
const historyDays = 30;
const quietLog = 100_000;

/** A day of two channels of many points as it lies in memory after loading: packed days in one buffer, digests of the days before. */
interface LoadedDay {
  readonly bytes: Uint8Array;
  /** Where `v` and `q` of a channel end; they follow each other. */
  readonly vEnds: Float64Array;
  readonly qEnds: Float64Array;
  readonly sums: Float64Array;
  readonly present: Uint16Array;
  /** Days with a gap, found while they were made. */
  readonly gaps: number;
}

/** Validation of one day of all points by every rule, with the digests of 30 days before: unpacking counted, loading not. */
export const bench: Bench = {
  name: "validate",
  about:
    "validation V01 to V21 of one day of 100,000 points (--points) × 2 channels, 30 days of history loaded",
  async run({ log, points = 100_000 }) {
    const channels = points * 2;
    const loaded = load(channels, log);
    const runs: number[] = [];
    let outcome = { found: 0, gaps: 0 };
    for (let run = 0; run < 3; run++) {
      const began = performance.now();
      outcome = validateAll(loaded, channels);
      runs.push((performance.now() - began) / 1000);
    }
    const seconds = median(runs);
    log(`${outcome.found} findings; ${loaded.bytes.length} bytes of packed days`);
    return {
      metrics: [
        { name: "channel-days validated", value: channels / seconds, unit: "1/s" },
        { name: "intervals validated", value: (channels * 96) / seconds, unit: "1/s" },
        { name: "one thread, this many points", value: seconds, unit: "s" },
        atMost("one thread, by 1 M points × 2 channels", (seconds * 1_000_000) / points, "s", 60),
        atLeast(
          "days with a gap that V03 named, of those made",
          outcome.gaps / Math.max(1, loaded.gaps),
          "",
          1,
        ),
        { name: "memory", value: process.memoryUsage().rss / 1e6, unit: "MB" },
      ],
    };
  },
};

function load(channels: number, log: (text: string) => void): LoadedDay {
  let bytes = new Uint8Array(channels * 130);
  const vEnds = new Float64Array(channels);
  const qEnds = new Float64Array(channels);
  const sums = new Float64Array(channels * historyDays);
  const present = new Uint16Array(channels * historyDays).fill(slotsOf(marketDay(date, zone), periodSeconds));
  const random = randomFrom(7);
  let at = 0;
  let gaps = 0;
  const append = (part: Uint8Array | null) => {
    if (!part) return;
    if (at + part.length > bytes.length) {
      const wider = new Uint8Array(Math.ceil(bytes.length * 1.5));
      wider.set(bytes);
      bytes = wider;
    }
    bytes.set(part, at);
    at += part.length;
  };
  for (let channel = 0; channel < channels; channel += 2) {
    const [curve] = curvesOf(random, [date]);
    if (!curve) throw new Error("no curve was made");
    [curve.active, curve.reactive].forEach((values, nth) => {
      const index = channel + nth;
      const { v, q } = packDay(values, curve.flags);
      append(v);
      vEnds[index] = at;
      append(q);
      qEnds[index] = at;
      let sum = 0;
      for (const value of values) if (!Number.isNaN(value)) sum += value;
      if (values.some(Number.isNaN)) gaps++;
      for (let day = 0; day < historyDays; day++)
        sums[index * historyDays + day] = Math.round(sum * (0.8 + random() * 0.4));
    });
    if (channel > 0 && channel % quietLog === 0) log(`${channel} channel-days made`);
  }
  return { bytes: bytes.subarray(0, at), vEnds, qEnds, sums, present, gaps };
}

function validateAll(loaded: LoadedDay, channels: number): { found: number; gaps: number } {
  const { startMs, endMs } = marketDay(date, zone);
  const slots = slotsOf(marketDay(date, zone), periodSeconds);
  const plans = pointClasses.map((of) => planRules(of));
  const history: DayHistory = { sums: loaded.sums, present: loaded.present, from: 0, count: historyDays };
  const active = { values: new Float64Array(slots), flags: new Uint16Array(slots) };
  const reactive = { values: new Float64Array(slots), flags: new Uint16Array(slots) };
  const day: CheckedDay = {
    channelId: 0,
    energy: "active",
    direction: "import",
    scale: 0,
    periodSeconds,
    startMs,
    nowMs: endMs + 12 * 3_600_000,
    ...active,
    history,
    outages: [],
    energised: true,
    clockOffsetMs: 2000,
  };
  const validator = new Validator();
  const sum = { found: 0, gaps: 0 };
  const check = (channel: number, of: typeof active, other: Float64Array | undefined) => {
    day.channelId = channel;
    day.energy = other ? "active" : "reactive";
    day.values = of.values;
    day.flags = of.flags;
    day.reactive = other;
    history.from = channel * historyDays;
    // A register beside each curve, as a meter with an index has; its last digit is 0.1 kWh.
    let step = 0;
    for (let slot = 0; slot < slots; slot++) if (!Number.isNaN(of.values[slot])) step += of.values[slot]!;
    day.register = { step, digit: 100, rolledOver: false, decreased: false };
    day.meterMax = 3 * 230 * 100 * 0.25;
    validator.check(day, plans[channel % 3 === 0 ? 1 : 0]!);
    const findings = validator.take();
    sum.found += findings.length;
    for (const { rule } of findings) if (rule === "V03") sum.gaps++;
  };
  let from = 0;
  for (let channel = 0; channel < channels; channel += 2) {
    from = unpackAt(loaded, channel, from, active);
    from = unpackAt(loaded, channel + 1, from, reactive);
    check(channel, active, reactive.values);
    check(channel + 1, reactive, undefined);
  }
  return sum;
}

function unpackAt(
  { bytes, vEnds, qEnds }: LoadedDay,
  channel: number,
  from: number,
  into: { readonly values: Float64Array; readonly flags: Uint16Array },
): number {
  const vEnd = vEnds[channel]!;
  const qEnd = qEnds[channel]!;
  const q = qEnd > vEnd ? bytes.subarray(vEnd, qEnd) : null;
  unpackDayInto(bytes.subarray(from, vEnd), q, into.values, into.flags);
  return qEnd;
}
