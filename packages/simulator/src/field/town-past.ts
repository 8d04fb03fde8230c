import {
  encodeProfileBody,
  entriesOf,
  entryKinds,
  LocalTime,
  type NewEntry,
  type Past,
  type PastDevice,
} from "@energsys/concentrator";
import { type ProfileReading, quality } from "@energsys/metering";
import { slotMs } from "../calendar.ts";
import type { MeterKind } from "../meter/description.ts";
import { rowMark, type VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridPoint, GridTown } from "../town/grid-town.ts";
import { nameBehindConcentrator } from "../town/town-books.ts";
import { labels } from "../town/town-inventory.ts";
import type { LocalModule } from "./local-module.ts";
import type { SupplyUnit } from "./supply-unit.ts";

/** A meter with a serial line of its own on a bus. */
export interface SpokenMeter {
  readonly name: string;
  readonly meter: VirtualMeter;
  readonly kind: "iec" | "dlms";
  readonly line: string;
  readonly address: string;
}

/** What hangs below a concentrator. */
export interface BelowConcentrator {
  readonly modules: readonly {
    readonly module: LocalModule;
    readonly line: string;
    readonly points: readonly { readonly point: GridPoint; readonly input: number }[];
  }[];
  readonly spoken: readonly SpokenMeter[];
  readonly supply: { readonly unit: SupplyUnit; readonly line: string };
}

const firstLogicalDevice = 16;
const profileObis = "1-0:99.1.0*255";
const energyObis = "1-0:1.8.0*255";
/** Four days: a day of 100 quarter-hours fits as often. */
const entrySlotsMax = 400;
const whPerPulse = 5;

/**
 * What a concentrator would have gathered since the market day on which the town began, until the last whole quarter-hour: its devices,
 * the curves of the pulse meters as their counters give them, those of the other meters as they would have been read. It pauses after each meter,
 * so that whoever runs already has its turns.
 */
export async function pastOf(
  town: GridTown,
  nowMs: number,
  below: BelowConcentrator,
  pause: () => Promise<unknown>,
): Promise<Past> {
  const time = new LocalTime(town.calendar.zone);
  const toMs = Math.floor(nowMs / slotMs) * slotMs;
  const fromMs = town.calendar.day(town.beginDay).startMs;
  const devices: PastDevice[] = [];
  const entries: NewEntry[] = [];
  const counters: Past["counters"][number][] = [];
  const next = () => firstLogicalDevice + devices.length;
  for (const { module, line, points } of below.modules) {
    const own = next();
    const { manufacturer, identification } = module.identification;
    const place = { line, address: module.serial };
    devices.push({
      ...place,
      kind: "module",
      logicalDevice: own,
      name: `${manufacturer}${module.serial}`,
      model: identification,
      module: 0,
      input: 0,
    });
    for (const { point, input } of points) {
      const logicalDevice = next();
      devices.push({
        ...place,
        kind: "input",
        logicalDevice,
        name: nameBehindConcentrator(point),
        model: "pulse",
        module: own,
        input,
        whPerPulse: `${whPerPulse}.000`,
        output: true,
      });
      await pause();
      const { values, count } = pulsesUntil(town, point, toMs);
      for (let at = 0; at < values.length; at += entrySlotsMax) {
        const part = values.subarray(at, at + entrySlotsMax);
        const startMs = fromMs + at * slotMs;
        entries.push({
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
            time,
          ),
        });
      }
      counters.push({ logicalDevice, readMs: toMs, count, flags: 0 });
    }
  }
  for (const { name, meter, kind, line, address } of below.spoken) {
    await pause();
    const logicalDevice = next();
    const { kind: speaks } = meter.description;
    const profile = profileOf(meter, fromMs, toMs);
    const device = { logicalDevice, name, kind, model: labels[speaks].model, line, address };
    devices.push({ ...device, module: 0, input: 0, ...(profile && { profileToMs: toMs }) });
    if (!profile) continue;
    const portion = { profiles: [profile], registers: [], events: [] };
    entries.push(...entriesOf({ logicalDevice }, portion, time));
  }
  const { manufacturer, identification } = below.supply.unit.identification;
  devices.push({
    logicalDevice: next(),
    name: `${manufacturer}${below.supply.unit.serial}`,
    kind: "supply",
    model: identification,
    line: below.supply.line,
    address: "",
    module: 0,
    input: 0,
  });
  return { devices, entries, counters };
}

/** Wh of each quarter-hour as whole pulses of the register, and the counter at the end. */
function pulsesUntil(town: GridTown, { index, meter }: GridPoint, toMs: number) {
  const { calendar, beginDay } = town;
  const curve = town.curveOf(index);
  const slots = Math.round((toMs - calendar.day(beginDay).startMs) / slotMs);
  const values = new Int32Array(Math.max(0, slots));
  let wh = meter.startWh.rate1 + meter.startWh.rate2;
  let pulses = Math.floor(wh / whPerPulse);
  for (let at = 0, day = beginDay; at < values.length; day++) {
    const { importWh } = curve.day(day);
    for (let n = 0; n < importWh.length && at < values.length; n++, at++) {
      wh += importWh[n] as number;
      const after = Math.floor(wh / whPerPulse);
      values[at] = (after - pulses) * whPerPulse;
      pulses = after;
    }
  }
  return { values, count: pulses };
}

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
  // An index says what the first quarter-hour began with.
  const first = columns[0]?.kind === "index" ? fromMs : fromMs + slotMs;
  const rows = meter.rowsBetween(first, toMs);
  const values = columns.map(() => new Float64Array(rows.endsMs.length));
  rows.registers.forEach((end, n) => {
    const taken = rows.importWh[n] as number;
    const given = rows.exportWh[n] as number;
    const shown = () => {
      if (columns[0]?.kind === "index") return [end.importWh, end.exportWh, end.importVarh, end.exportVarh];
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
