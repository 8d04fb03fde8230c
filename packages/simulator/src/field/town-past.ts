import {
  encodeEventsBody,
  encodeProfileBody,
  encodeRegistersBody,
  entriesOf,
  entryKinds,
  LocalTime,
  type NewEntry,
  type Past,
  type PastDevice,
  type PastExchange,
} from "@energsys/concentrator";
import { type ProfileReading, quality } from "@energsys/metering";
import { slotMs } from "../calendar.ts";
import { kilo } from "../iec/dialects.ts";
import type { MeterKind } from "../meter/description.ts";
import { ownTime } from "../meter/drifted-curve.ts";
import { rowMark, type VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridTown } from "../town/grid-town.ts";
import { doorsOf } from "../town/happenings.ts";
import { capacityOf } from "../town/registers.ts";
import { nameBehindConcentrator } from "../town/town-books.ts";
import { labels } from "../town/town-inventory.ts";
import type { LocalModule } from "./local-module.ts";
import type { PulseSource } from "./pulse-input.ts";
import { siteLines } from "./site-lines.ts";
import type { PulsingPoint, SpokenMeter } from "./site-meters.ts";
import type { SupplyUnit } from "./supply-unit.ts";

/** What hangs below a concentrator. */
export interface BelowConcentrator {
  readonly number: number;
  readonly modules: readonly LocalModule[];
  readonly pulsing: readonly PulsingPoint[];
  readonly spoken: readonly SpokenMeter[];
  readonly supply: SupplyUnit | undefined;
}

const firstLogicalDevice = 16;
const profileObis = "1-0:99.1.0*255";
const energyObis = "1-0:1.8.0*255";
/** Four days: a day of 100 quarter-hours fits as often. */
const entrySlotsMax = 400;
const whPerPulse = 5;

/** Profiles of meters with a line of their own are read each hour. */
const readEveryMs = 3_600_000;
/** Codes of a door in the ring of a module. */
const door = { opened: 0x1010, closed: 0x1011 } as const;

/**
 * What a concentrator would have gathered since the market day on which the town began, until the last whole quarter-hour: its devices,
 * the curves of the pulse meters as their counters give them, those of the other meters as they would have been read, a register at each
 * midnight, doors, and the meters that were exchanged. It pauses after each meter, so that whoever runs already has its turns.
 */
export async function pastOf(
  town: GridTown,
  nowMs: number,
  below: BelowConcentrator,
  pause: () => Promise<unknown>,
): Promise<Past> {
  const gathering = new Gathering(town, nowMs);
  const { modules, pulsing, spoken, supply, number } = below;
  for (const [nth, module] of modules.entries()) {
    const { manufacturer, identification } = module.identification;
    const place = { line: siteLines.modules, address: module.serial };
    const own = gathering.device({
      ...place,
      kind: "module",
      name: `${manufacturer}${module.serial}`,
      model: identification,
      module: 0,
      input: 0,
    });
    if (nth === 0) gathering.doors(number, own);
    for (const one of pulsing.filter(({ module: its }) => its === nth)) {
      await pause();
      gathering.pulses(one, { ...place, module: own });
    }
  }
  for (const point of new Set(spoken.map((one) => one.point))) {
    await pause();
    gathering.spoken(spoken.filter((one) => one.point === point));
  }
  if (supply) {
    const { manufacturer, identification } = supply.identification;
    gathering.device({
      name: `${manufacturer}${supply.serial}`,
      kind: "supply",
      model: identification,
      line: siteLines.supply,
      address: "",
      module: 0,
      input: 0,
    });
  }
  return gathering.past();
}

/** What is gathered of one concentrator. */
class Gathering {
  readonly #town: GridTown;
  readonly #time: LocalTime;
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #devices: PastDevice[] = [];
  readonly #entries: NewEntry[] = [];
  readonly #counters: Past["counters"][number][] = [];
  readonly #exchanges: PastExchange[] = [];

  constructor(town: GridTown, nowMs: number) {
    this.#town = town;
    this.#time = new LocalTime(town.calendar.zone);
    this.#fromMs = town.calendar.day(town.beginDay).startMs;
    this.#toMs = Math.floor(nowMs / slotMs) * slotMs;
  }

  past(): Past {
    return {
      devices: this.#devices,
      exchanges: this.#exchanges.toSorted((a, b) => a.seenMs - b.seenMs),
      entries: this.#entries,
      counters: this.#counters,
    };
  }

  device(device: Omit<PastDevice, "logicalDevice">): number {
    const logicalDevice = this.#next();
    this.#devices.push({ ...device, logicalDevice });
    return logicalDevice;
  }

  /** The meter that took another one's place, seen when the place was next read. */
  #exchanged(old: number, seenMs: number, device: Omit<PastDevice, "logicalDevice">): number {
    const logicalDevice = this.#next();
    this.#exchanges.push({ old, seenMs, device: { ...device, logicalDevice } });
    return logicalDevice;
  }

  #next(): number {
    return firstLogicalDevice + this.#devices.length + this.#exchanges.length;
  }

  /** Door 1 of a cabinet, as its module told it. */
  doors(concentrator: number, logicalDevice: number): void {
    let sequence = 0;
    for (const { fromMs, toMs } of doorsOf(this.#town, concentrator, this.#fromMs, this.#toMs)) {
      for (const [code, atMs] of [
        [door.opened, fromMs],
        [door.closed, toMs],
      ] as const) {
        if (atMs > this.#toMs) continue;
        sequence++;
        const body = encodeEventsBody([{ atMs, code, sequence, detail: "" }], this.#time);
        this.#entries.push({ logicalDevice, kind: entryKinds.events, fromMs: atMs, body });
      }
    }
  }

  pulses(
    { point, input, counted }: PulsingPoint,
    place: Pick<PastDevice, "line" | "address" | "module">,
  ): void {
    const device = {
      ...place,
      kind: "input" as const,
      name: nameBehindConcentrator(point),
      model: "pulse",
      input,
      whPerPulse: `${whPerPulse}.000`,
      output: true,
    };
    const first = this.device(device);
    const { exchange } = point;
    const exchangeMs = exchange && exchange.atMs < this.#toMs ? exchange.atMs : undefined;
    this.#counts(first, this.#fromMs, exchangeMs ?? this.#toMs, counted, 0);
    if (exchangeMs === undefined) return;
    const seenMs = Math.ceil(exchangeMs / slotMs) * slotMs;
    const next = this.#exchanged(first, seenMs, { ...device, name: nameBehindConcentrator(point, true) });
    this.#counts(next, seenMs, this.#toMs, counted, counted(exchangeMs));
  }

  /** Curve, registers and last counter of an input in the whole quarter-hours of a time. */
  #counts(
    logicalDevice: number,
    fromMs: number,
    toMs: number,
    counted: PulseSource,
    counterStart: number,
  ): void {
    const slots = Math.max(0, Math.floor((toMs - fromMs) / slotMs));
    const values = new Int32Array(slots);
    let before = counted(fromMs);
    for (let n = 0; n < slots; n++) {
      const after = counted(fromMs + (n + 1) * slotMs);
      values[n] = (after - before) * whPerPulse;
      before = after;
    }
    for (let at = 0; at < slots; at += entrySlotsMax) {
      const part = values.subarray(at, at + entrySlotsMax);
      const startMs = fromMs + at * slotMs;
      this.#entries.push({
        logicalDevice,
        kind: entryKinds.profile,
        fromMs: startMs,
        toMs: startMs + part.length * slotMs,
        body: encodeProfileBody(
          {
            obis: profileObis,
            periodSeconds: 900,
            startMs,
            columns: [{ obis: energyObis, kind: "delta", scaler: 0, unit: "Wh", values: part }],
            quality: new Uint8Array(part.length),
          },
          this.#time,
        ),
      });
    }
    for (const atMs of this.#midnights(fromMs, toMs))
      this.#register(logicalDevice, atMs, String((counted(atMs) - counterStart) * whPerPulse), "Wh");
    const readMs = fromMs + slots * slotMs;
    this.#counters.push({ logicalDevice, readMs, count: counted(readMs), flags: 0 });
  }

  /** A meter with a line of its own, and the one that took its place. */
  spoken(meters: readonly SpokenMeter[]): void {
    const [first, next] = meters;
    if (!first) return;
    const { exchange } = first.point;
    const exchangeMs = exchange && next && exchange.atMs < this.#toMs ? exchange.atMs : undefined;
    // What was not read of a meter before it went, it took with it.
    const lastMs = exchangeMs === undefined ? this.#toMs : Math.floor(exchangeMs / readEveryMs) * readEveryMs;
    const old = this.device(spokenDevice(first, lastMs));
    this.#reading(old, first, this.#fromMs, lastMs);
    if (exchangeMs === undefined || !next) return;
    const seenMs = Math.ceil(exchangeMs / readEveryMs) * readEveryMs;
    const fromMs = Math.ceil(exchangeMs / slotMs) * slotMs;
    const fresh = this.#exchanged(old, seenMs, spokenDevice(next, this.#toMs));
    this.#reading(fresh, next, fromMs, this.#toMs);
  }

  #reading(logicalDevice: number, { meter, point }: SpokenMeter, fromMs: number, toMs: number): void {
    const profile = toMs > fromMs ? profileOf(meter, fromMs, toMs) : undefined;
    if (profile) {
      const portion = { profiles: [profile], registers: [], events: [] };
      this.#entries.push(...entriesOf({ logicalDevice }, portion, this.#time));
    }
    for (const atMs of this.#midnights(fromMs, toMs)) {
      // By its own clock, as it answers who asks at that instant.
      const { clockOffsetMs, drift } = meter.description;
      const ownMs = (drift ? ownTime(drift, atMs) : atMs) + clockOffsetMs;
      const wh = meter.registersAt(Math.floor(ownMs / 1000) * 1000).importWh % capacityOf(point);
      if (point.attachment.kind === "hdlc") this.#register(logicalDevice, atMs, String(wh), "Wh");
      else this.#register(logicalDevice, atMs, kilo(wh, 7), "kWh");
    }
  }

  #register(logicalDevice: number, atMs: number, value: string, unit: string): void {
    const body = encodeRegistersBody(atMs, [{ obis: energyObis, value, unit }], this.#time);
    this.#entries.push({ logicalDevice, kind: entryKinds.registers, fromMs: atMs, body });
  }

  /** Midnights in [fromMs, toMs]. */
  *#midnights(fromMs: number, toMs: number): Generator<number> {
    const { calendar } = this.#town;
    for (let index = calendar.dayAt(fromMs); calendar.day(index).startMs <= toMs; index++)
      if (calendar.day(index).startMs >= fromMs) yield calendar.day(index).startMs;
  }
}

const spokenDevice = (
  { name, meter, kind, line, address }: SpokenMeter,
  toMs: number,
): Omit<PastDevice, "logicalDevice"> => {
  const { kind: speaks } = meter.description;
  return {
    name,
    kind,
    model: labels[speaks].model,
    line,
    address,
    module: 0,
    input: 0,
    ...(columnsOf[speaks] && { profileToMs: toMs }),
  };
};

type Columns = ProfileReading["columns"];
const energies = (kind: "index" | "delta", registers: readonly string[]): Columns =>
  registers.map((obis, n) => ({ obis, kind, scale: 0, unit: n < 2 ? "Wh" : "varh" }));

/** Columns of the profile by what a meter speaks, as its reader gives them; one without has none. */
const columnsOf: Readonly<Partial<Record<MeterKind, Columns>>> = {
  "dlms-hdlc": energies("index", ["1-0:1.8.0*255", "1-0:2.8.0*255", "1-0:3.8.0*255", "1-0:4.8.0*255"]),
  "iec-own": energies("delta", ["1-0:1.29.0*255", "1-0:2.29.0*255", "1-0:3.29.0*255", "1-0:4.29.0*255"]),
  "iec-landis": ["1-0:1.5.0*255", "1-0:2.5.0*255"].map((obis) => ({
    obis,
    kind: "demand",
    scale: 0,
    unit: "W",
  })),
};

function profileOf(meter: VirtualMeter, fromMs: number, toMs: number): ProfileReading | undefined {
  const columns = columnsOf[meter.description.kind];
  if (!columns) return undefined;
  // An index says what the first quarter-hour began with; a meter that was put in there writes its first whole one.
  const says = columns[0]?.kind === "index" && meter.description.installedMs === undefined;
  const first = says ? fromMs : fromMs + slotMs;
  const rows = meter.rowsBetween(first, toMs);
  const values = columns.map(() => new Float64Array(rows.endsMs.length));
  rows.registers.forEach((end, n) => {
    const taken = rows.importWh[n] as number;
    const given = rows.exportWh[n] as number;
    const shown = () => {
      if (columns[0]?.kind === "index")
        return [end.importWh, end.exportWh, end.importVarh, end.exportVarh].map((wh) => meter.shown(wh));
      if (columns[0]?.kind === "demand") return [taken * 4, given * 4];
      const { reactiveImport, reactiveExport } = meter.reactiveOf(end, taken, given);
      return [taken, given, reactiveImport, reactiveExport];
    };
    shown().forEach((value, column) => {
      values[column]![n] = value;
    });
  });
  return {
    obis: profileObis,
    periodSeconds: 900,
    columns,
    startsMs: Float64Array.from(rows.endsMs, (endMs) => endMs - slotMs),
    values,
    flags: Uint16Array.from(rows.marks, flagsOf),
  };
}

const flagsOf = (mark: number): number =>
  (mark & rowMark.powerDown ? quality.powerDown : 0) | (mark & rowMark.clockSet ? quality.clockAdjusted : 0);
