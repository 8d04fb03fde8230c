import {
  type ConcentratorOptions,
  checkConfig,
  type Edge,
  type RunningConcentrator,
  startConcentrator,
} from "@energsys/concentrator";
import {
  decodeEventsBody,
  decodeProfileBody,
  decodeRegistersBody,
  quality,
  readEntry,
} from "@energsys/metering";
import type { ByteStream, Clock } from "@energsys/protocols";
import pino from "pino";
import type { SiteMemory } from "../src/field/site-memory.ts";
import { buildTownSite, type TownSite } from "../src/field/town-site.ts";
import type { GridPoint, GridTown } from "../src/town/grid-town.ts";
import { capacityOf } from "../src/town/registers.ts";
import { concentratorsOf } from "../src/town/town-books.ts";
import { TownLedger } from "../src/town/town-ledger.ts";

// A street of a town below a concentrator, what the concentrator's journal says of it as a centre decodes it, and what the ledger says.

export const quarterMs = 900_000;
export const minuteMs = 60_000;
/** Bit 0 of a run of the journal takes the value away; these are what the centre sees of the others. */
export const { clockInvalid, clockAdjusted, partial } = quality;

export interface Interval {
  readonly wh: number;
  readonly flags: number;
  /** Kind of the column it came from: an index is the register at the end. */
  readonly kind: string;
}

/** What a journal holds of one device. */
export interface Told {
  /** By start of the interval; missing ones are left out. */
  readonly intervals: Map<number, Interval>;
  readonly missing: Set<number>;
  readonly registers: { readonly atMs: number; readonly wh: number }[];
  /** Registers by a clock that was not reliable. */
  doubtful: number;
  readonly events: { readonly atMs: number; readonly code: number }[];
}

export interface JournalTold {
  readonly devices: Map<string, Told>;
  /** Intervals that came again, whether with the same value or another. */
  readonly repeated: number;
  readonly changed: number;
  /** Numbers of the entries, which must go up by one. */
  readonly numbers: number[];
}

/** Every entry of a journal, decoded as the centre does it. */
export function journalOf(edge: Edge): JournalTold {
  const names = new Map(edge.devices().map(({ logicalDevice, name }) => [logicalDevice, name]));
  const encoded: Uint8Array[] = [];
  for (const entry of edge.journal.entries(1, edge.journal.newest)) encoded.push(edge.journal.encode(entry));
  return decodeJournal(encoded, (logicalDevice) => names.get(logicalDevice) ?? `device ${logicalDevice}`);
}

export function decodeJournal(
  encoded: readonly Uint8Array[],
  nameOf: (logicalDevice: number) => string,
): JournalTold {
  const devices = new Map<string, Told>();
  const numbers: number[] = [];
  let repeated = 0;
  let changed = 0;
  for (const bytes of encoded) {
    const entry = readEntry(bytes);
    if ("code" in entry) throw new Error(`entry ${entry.number} is poison: ${entry.code}`);
    numbers.push(entry.number);
    const name = nameOf(entry.logicalDevice);
    const told: Told = devices.get(name) ?? {
      intervals: new Map(),
      missing: new Set(),
      registers: [],
      doubtful: 0,
      events: [],
    };
    devices.set(name, told);
    if (entry.kind === "registers") {
      for (const { obis, measuredAtMs, value, unit, flags } of decodeRegistersBody(entry.body)) {
        if (obis !== "1-0:1.8.0*255") continue;
        if (flags & clockInvalid) told.doubtful++;
        told.registers.push({ atMs: measuredAtMs, wh: Number(value) * (unit === "kWh" ? 1000 : 1) });
      }
    } else if (entry.kind === "events") {
      for (const { atMs, code } of decodeEventsBody(entry.body)) {
        told.events.push({ atMs, code: Number(/(\d+)$/.exec(code)?.[1]) });
      }
    } else if (entry.kind === "profile") {
      const profile = decodeProfileBody(entry.body);
      const column = profile.columns.findIndex(({ obis }) => /^1-0:1\.(29|8|5)\.0/.test(obis));
      const { kind = "delta", scale = 0, unit = "Wh" } = profile.columns[column] ?? {};
      const factor = 10 ** scale * (unit.startsWith("k") ? 1000 : 1) * (kind === "demand" ? 0.25 : 1);
      for (const [row, startMs] of profile.startsMs.entries()) {
        const value = profile.values[column]?.[row] ?? Number.NaN;
        if (Number.isNaN(value)) {
          if (!told.intervals.has(startMs)) told.missing.add(startMs);
          continue;
        }
        // Back to a number of Wh, which every meter here counts in thousandths at the finest.
        const wh = Math.round(value * factor * 1000) / 1000;
        const known = told.intervals.get(startMs);
        if (known?.wh === wh) repeated++;
        else if (known) changed++;
        told.missing.delete(startMs);
        told.intervals.set(startMs, { wh, kind, flags: profile.flags[row] as number });
      }
    }
  }
  return { devices, repeated, changed, numbers };
}

/** Twelve points behind one concentrator: seven pulse meters, three with HDLC, two of two makers with IEC 62056-21. */
export const smallTown = { points: 12, seed: 11, begin: "2026-11-02" } as const;

export interface StreetOptions {
  /** What a module says, before it is on the line. */
  readonly heard?: (serial: string, said: Said) => void;
  readonly town: GridTown;
  readonly concentrator: number;
  readonly clock: Clock;
  readonly baudRate?: number;
  readonly memory?: SiteMemory;
}

/** What a module said at an instant: the counts of its inputs. */
export interface Said {
  readonly atMs: number;
  readonly pulses: readonly number[];
}

/** A street with everything that its modules ever said, so that what was stored can be compared with what was heard. */
export function openStreet({ town, concentrator, clock, heard, ...line }: StreetOptions) {
  const site = buildTownSite(town, concentratorsOf(town)[concentrator]!, { clock, ...line });
  const ledger = new TownLedger(town);
  const said = new Map<string, Said[]>();
  for (const module of site.modules) {
    const list: Said[] = [];
    said.set(module.serial, list);
    const block = module.block.bind(module);
    module.block = () => {
      const sets = block();
      const now = { atMs: clock.now(), pulses: module.state.inputs.map(({ pulses }) => pulses) };
      list.push(now);
      heard?.(module.serial, now);
      return sets;
    };
  }
  const configOf = (changes: object = {}) => {
    const checked = checkConfig(
      {
        identity: site.identity,
        centre: { addresses: ["127.0.0.1:4060"] },
        clockTrusted: true,
        store: { path: ":memory:" },
        schedule: { profileBackDays: 1 },
        secretsFile: "secrets.json",
        ...site.config,
        ...changes,
      },
      ".",
      () => JSON.stringify(site.secrets),
    );
    if (!checked.ok) throw new Error(checked.faults.join("\n"));
    return checked.config;
  };
  const start = (
    changes: object = {},
    options: Partial<ConcentratorOptions> = {},
  ): Promise<RunningConcentrator> =>
    startConcentrator(configOf(changes), {
      clock,
      log: pino({ level: "silent" }),
      random: () => 0.5,
      openLine: async ({ name }) => {
        const bus = site.lines.get(name);
        if (!bus) throw new Error(`no line ${name}`);
        return bus.master();
      },
      openCentre: () => new Promise<ByteStream>(() => undefined),
      ...options,
    });
  return { site, ledger, said, start, configOf };
}
export type Street = ReturnType<typeof openStreet>;

export interface Verdict {
  /** Intervals of the span that are there, and those that are not. */
  right: number;
  missing: number;
  /** What is there and differs from the ledger. */
  readonly wrong: string[];
  registers: number;
}

/**
 * Compares what was told of a site with the ledger, for every quarter-hour in [fromMs, toMs): a pulse meter by what its module said at both
 * borders, the others by the quarter-hour itself; registers at the instant that they name.
 */
export function compare(
  town: GridTown,
  { site, ledger, said }: Pick<Street, "site" | "ledger" | "said">,
  devices: ReadonlyMap<string, Told>,
  fromMs: number,
  toMs: number,
): Verdict {
  const verdict: Verdict = { right: 0, missing: 0, wrong: [], registers: 0 };
  for (const point of site.points) {
    if (point.attachment.kind === "iec" && point.meter.kind === "iec-iskra") {
      compareRegisters(town, site, ledger, point, devices, verdict);
      continue;
    }
    const truth = ledger.recorded(point.index, fromMs, toMs);
    for (const [n, startMs] of truth.startsMs.entries()) {
      const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
      const exchanged = exchangeMs <= startMs;
      const found = devices.get(site.nameOf(point, exchanged))?.intervals.get(startMs);
      if (!found) {
        verdict.missing++;
        continue;
      }
      const expected = expectedOf(point, startMs, n, truth, said, site, found);
      if (expected.includes(found.wh)) verdict.right++;
      else {
        const at = new Date(startMs).toISOString();
        verdict.wrong.push(
          `${site.nameOf(point, exchanged)} ${at}: ${found.wh}, not ${expected.join(" or ")}`,
        );
      }
    }
    compareRegisters(town, site, ledger, point, devices, verdict);
  }
  return verdict;
}

/** What is not there, and what is there and wrong, of every point and quarter-hour by the ledger; pulses rise by whole steps of the register. */
export function against(
  town: GridTown,
  { site, ledger }: Street,
  told: ReadonlyMap<string, Told>,
  toMs: number,
) {
  const fromMs = town.calendar.day(town.beginDay).startMs;
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const point of site.points) {
    const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
    for (const exchanged of point.exchange && exchangeMs < toMs ? [false, true] : [false]) {
      for (const { atMs, wh } of told.get(site.nameOf(point, exchanged))!.registers) {
        const aheadMs = point.attachment.kind === "pulses" ? 0 : point.meter.clockOffsetMs;
        const around = [-1000, 0, 1000].map((ms) => ledger.register(point.index, atMs + aheadMs + ms));
        if (wh % capacityOf(point) < Math.min(...around) || wh % capacityOf(point) > Math.max(...around))
          wrong.push(`${site.nameOf(point, exchanged)} register ${new Date(atMs).toISOString()}: ${wh}`);
      }
    }
    if (point.meter.kind === "iec-iskra") continue;
    const truth = ledger.recorded(point.index, fromMs, toMs);
    for (const [n, startMs] of truth.startsMs.entries()) {
      const name = site.nameOf(point, exchangeMs <= startMs);
      const found = told.get(name)?.intervals.get(startMs);
      const where = `${name} ${new Date(startMs).toISOString()}`;
      // A module is read some seconds after the border.
      const at = (borderMs: number) =>
        [0, 1000, 2000, 3000].map((ms) => ledger.register(point.index, borderMs + ms));
      const rises = () =>
        at(startMs).flatMap((first) =>
          at(startMs + quarterMs).map((last) => (last - first + capacityOf(point)) % capacityOf(point)),
        );
      const expected =
        point.attachment.kind === "pulses"
          ? rises()
          : [found?.kind === "index" ? truth.registerWh[n] : truth.importWh[n]];
      // A meter may write no row where it had no supply; an exchanged one took with it what was not read, the new one has no part of a quarter-hour.
      const near = startMs > exchangeMs - 60 * minuteMs - quarterMs && startMs < exchangeMs;
      const dark = [...ledger.outages(point.index, startMs, startMs + quarterMs)].length > 0;
      if (!found && !near && !dark) missing.push(where);
      else if (found && !expected.includes(found.wh))
        wrong.push(`${where}: ${found.wh}, not ${expected.join(" or ")}`);
    }
  }
  return { missing, wrong };
}

function expectedOf(
  point: GridPoint,
  startMs: number,
  n: number,
  truth: ReturnType<TownLedger["recorded"]>,
  said: Street["said"],
  site: TownSite,
  found: Interval,
): number[] {
  if (point.attachment.kind !== "pulses") {
    // The ledger's register of a meter that was never exchanged before, or since: the one that the profile has.
    return [(found.kind === "index" ? truth.registerWh[n] : truth.importWh[n]) as number];
  }
  const { module, input } = point.attachment;
  const serial = site.modules[module]?.serial ?? "";
  const at = (borderMs: number) =>
    (said.get(serial) ?? [])
      .filter(({ atMs }) => atMs >= borderMs && atMs <= borderMs + 300_000)
      .map(({ pulses }) => pulses[input - 1] as number);
  const ends = at(startMs + quarterMs);
  return [...new Set(at(startMs).flatMap((first) => ends.map((last) => (last - first) * 5)))];
}

function compareRegisters(
  town: GridTown,
  site: TownSite,
  ledger: TownLedger,
  point: GridPoint,
  devices: ReadonlyMap<string, Told>,
  verdict: Verdict,
): void {
  for (const exchanged of point.exchange ? [false, true] : [false]) {
    for (const { atMs, wh } of devices.get(site.nameOf(point, exchanged))?.registers ?? []) {
      if (atMs < town.calendar.day(town.beginDay).startMs) continue;
      verdict.registers++;
      // A meter stamps its register by its own clock, a module's meter by the concentrator's: the second in which it was read.
      // Its own clock may be off; one that runs away moves its stamps, not what it shows at a true instant.
      const aheadMs = point.attachment.kind === "pulses" ? 0 : point.meter.clockOffsetMs;
      const around = [-1000, 0, 1000].map((ms) => ledger.register(point.index, atMs + aheadMs + ms));
      const shown = wh % capacityOf(point);
      if (shown < Math.min(...around) || shown > Math.max(...around)) {
        const at = new Date(atMs).toISOString();
        verdict.wrong.push(
          `${site.nameOf(point, exchanged)} register ${at}: ${wh}, not ${around.join(" or ")}`,
        );
      }
    }
  }
}
