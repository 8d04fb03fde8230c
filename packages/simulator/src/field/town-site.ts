import type { ConfigFile, CounterReading, Device, Past } from "@energsys/concentrator";
import type { Clock } from "@energsys/protocols";
import { MeterDevice } from "../dlms/meter-device.ts";
import type { GridPoint, GridTown } from "../town/grid-town.ts";
import { doorsOf } from "../town/happenings.ts";
import { concentratorIdentity, nameBehindConcentrator, type TownConcentrator } from "../town/town-books.ts";
import { Bus } from "./bus.ts";
import { attachBlockDevice, attachMeter, attachSupplyUnit, type BusSlave } from "./bus-slaves.ts";
import { countsMeanwhile } from "./counts-meanwhile.ts";
import { LocalModule } from "./local-module.ts";
import { newModuleState } from "./module-state.ts";
import { siteLines } from "./site-lines.ts";
import { SiteMemory } from "./site-memory.ts";
import { countedOf, meterNow, pulsingOf, type SpokenMeter, spokenOf } from "./site-meters.ts";
import {
  followDevice,
  followMeter,
  moduleKeeper,
  recallInput,
  recallSupply,
  recallTold,
  supplyKeeper,
} from "./site-recall.ts";
import { SiteTimers } from "./site-timers.ts";
import { mainsUsualV, SupplyUnit } from "./supply-unit.ts";
import { pastOf } from "./town-past.ts";

const dayMs = 86_400_000;
const moduleInputs = 16;
/** Modules of one concentrator at most: 48 pulse meters. */
const modulesMax = 8;

export interface TownSiteOptions {
  readonly clock: Clock;
  /** Of the lines; absent: they take no time. */
  readonly baudRate?: number;
  /** How often the supply unit speaks by itself; absent: there is no supply unit. */
  readonly supplyEveryMs?: number;
  /** The clocks of the modules run ahead by up to 16 ppm. */
  readonly modulesDrift?: boolean;
  /** What was done to it before, and where that is kept from now on; absent: it is forgotten with this process. */
  readonly memory?: SiteMemory;
}

/** What hangs below one concentrator of a town, and what the concentrator has to be told of it. */
export interface TownSite {
  readonly identity: string;
  readonly points: readonly GridPoint[];
  /** RS-485 lines by name: `modules` with modules and IEC 62056-21, `hdlc`, and `supply` where there is a supply unit. */
  readonly lines: ReadonlyMap<string, Bus>;
  readonly modules: readonly LocalModule[];
  /** For `checkConfig`: lines, and with what the register of a meter began that was put in the place of another one. */
  readonly config: Pick<ConfigFile, "lines" | "meters">;
  /** Passwords by the name of the meter, as a file of secrets has them. */
  readonly secrets: Readonly<Record<string, { readonly password: string }>>;
  /** What a concentrator calls the meter of a point, before and after its exchange. */
  nameOf(point: GridPoint, exchanged: boolean): string;
  /** What was measured since the town began until the last whole quarter-hour, as the concentrator would have kept it. */
  gatherPast(pause: () => Promise<unknown>): Promise<Past>;
  /** What the counters showed at the borders after `sinceMs`, while nobody ran this site. */
  countsSince(
    devices: readonly Device[],
    sinceMs: (logicalDevice: number) => number | undefined,
  ): CounterReading[];
  /** Nothing happens here any more. */
  stop(): void;
}

/**
 * What one concentrator of a town has below it, on virtual lines: modules with pulse meters and meters with IEC 62056-21 on one, meters with HDLC
 * on another, a supply unit on a third. What they show at any instant is what the ledger says, whenever this process was started: a meter
 * that the town exchanges is exchanged on its line at that instant, or was before. The door of the cabinet is opened as the town has it.
 */
export function buildTownSite(town: GridTown, its: TownConcentrator, options: TownSiteOptions): TownSite {
  const { points, number } = its;
  const { clock, baudRate, supplyEveryMs, memory = new SiteMemory() } = options;
  const { seed } = town.options;
  const line = { ...(baudRate !== undefined && { baudRate }) };
  const timers = new SiteTimers(clock);
  const bus = new Bus({ clock, ...line, seed: seed + 3 * number });
  const hdlcBus = new Bus({ clock, ...line, seed: seed + 3 * number + 1 });
  const startMs = clock.now();

  const pulsing = points.flatMap((point) => pulsingOf(town, point, clock));
  const modules: LocalModule[] = [];
  for (let n = 0; pulsing.some(({ module }) => module === n); n++) {
    const mine = pulsing.filter(({ module }) => module === n);
    const byInput = new Map(mine.map((one) => [one.input, one]));
    const state = newModuleState(
      moduleInputs,
      Array.from({ length: moduleInputs }, (_, index) => {
        const one = byInput.get(index + 1);
        return one && { ...recallInput(one.first, memory), pulses: one.counted(startMs) };
      }),
      startMs,
    );
    const serial = String(30_000_000 + (seed % 100) * 100_000 + number * modulesMax + n);
    recallTold(state, serial, memory);
    const module = new LocalModule({
      serial,
      clock,
      calendar: town.calendar,
      state,
      driftPpm: options.modulesDrift ? ((number + n) % 5) * 4 : 0,
      save: moduleKeeper(serial, state, (input) => byInput.get(input)?.first, memory, clock),
      onRelay: (input, closed) => {
        const one = byInput.get(input);
        if (one) meterNow(one, clock.now()).switchSupply(closed, clock.now());
      },
    });
    for (const one of mine) {
      meterNow(one, startMs).wire(module, one.input, startMs, one.counted);
      const exchangeMs = one.point.exchange?.atMs ?? 0;
      if (one.next && exchangeMs > startMs)
        timers.at(exchangeMs, () => one.next!.wire(module, one.input, exchangeMs, one.counted));
    }
    attachBlockDevice(bus, module, clock, line);
    modules.push(module);
  }
  if (modules[0]) {
    recallDoor(town, number, modules[0], timers, memory);
    openDoors(town, number, modules[0], timers);
  }

  const spoken = points.flatMap((point) => spokenOf(town, point, clock));
  for (const point of points) {
    const here = spoken.filter((one) => one.point === point);
    const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
    const put = (one: SpokenMeter | undefined): BusSlave | undefined => {
      if (!one) return undefined;
      const { serial, identity } = one.meter.description;
      const device = new MeterDevice(one.meter, { serial, identity });
      followDevice(device, memory);
      return one.kind === "iec"
        ? attachMeter(bus, device, clock, { address: one.address })
        : attachMeter(hdlcBus, device, clock, { physical: Number(one.address) });
    };
    for (const { meter } of here) followMeter(meter, memory);
    const exchange = () => {
      const next = here[1]?.meter;
      // A meter comes from the works connected, however the old one stood.
      if (next && here[0]?.meter.relayState !== 1 && memory.ownRelay(next.description.serial).length === 0)
        next.connect(exchangeMs + next.description.clockOffsetMs);
      return put(here[1]);
    };
    if (startMs >= exchangeMs) {
      exchange();
      continue;
    }
    const first = put(here[0]);
    if (!here[1]) continue;
    timers.at(exchangeMs, () => {
      first?.detach();
      exchange();
    });
  }

  const supply = supplyEveryMs === undefined ? undefined : supplyOf(town, number, modules, clock, memory);
  const supplyBus = new Bus({ clock, ...line, seed: seed + 3 * number + 2 });
  if (supply) attachSupplyUnit(supplyBus, supply, clock, { sendEveryMs: supplyEveryMs! });

  const addressesOn = (name: string) => [
    ...new Set(spoken.filter((one) => one.line === name).map(({ address }) => address)),
  ];
  // The buses are handed over in memory; the configuration has to name a place all the same.
  const url = (port: 1 | 2 | 3) => `tcp://127.0.0.1:${port}`;
  const onHdlc = addressesOn(siteLines.hdlc);
  return {
    identity: concentratorIdentity(seed, number),
    points,
    lines: new Map([
      [siteLines.modules, bus],
      ...(onHdlc.length > 0 ? [[siteLines.hdlc, hdlcBus] as const] : []),
      ...(supply ? [[siteLines.supply, supplyBus] as const] : []),
    ]),
    modules,
    config: {
      lines: [
        {
          name: siteLines.modules,
          url: url(1),
          kind: "iec",
          scan: [...modules.map(({ serial }) => serial), ...addressesOn(siteLines.modules)],
        },
        ...(onHdlc.length > 0
          ? [
              {
                name: siteLines.hdlc,
                url: url(2),
                kind: "dlms" as const,
                scan: onHdlc,
                dlms: "client=16&server=1",
              },
            ]
          : []),
        ...(supply ? [{ name: siteLines.supply, url: url(3), kind: "iec" as const, supply: true }] : []),
      ],
      meters: pulsing.flatMap((one) => {
        if (!one.next || !one.point.exchange) return [];
        return [
          {
            name: nameBehindConcentrator(one.point, true),
            line: siteLines.modules,
            address: modules[one.module]!.serial,
            input: one.input,
            indexStartWh: "0",
            counterStart: one.counted(one.point.exchange.atMs),
          },
        ];
      }),
    },
    secrets: Object.fromEntries(
      spoken
        .filter(({ point }) => point.meter.kind === "iec-own")
        .map(({ name, point }) => [name, { password: point.meter.password }]),
    ),
    nameOf: nameBehindConcentrator,
    gatherPast: (pause) => pastOf(town, clock.now(), { number, modules, pulsing, spoken, supply }, pause),
    countsSince: (devices, sinceMs) =>
      countsMeanwhile(pulsing.flatMap(countedOf), devices, sinceMs, clock.now()),
    stop: () => {
      timers.stop();
      supply?.stop();
    },
  };
}

/** The door as the town has it now: an earlier process may have left it otherwise, and then it moves at last. */
function recallDoor(
  town: GridTown,
  concentrator: number,
  module: LocalModule,
  timers: SiteTimers,
  memory: SiteMemory,
): void {
  const nowMs = timers.clock.now();
  const opened = [...doorsOf(town, concentrator, nowMs - dayMs, nowMs)].find(({ toMs }) => toMs > nowMs);
  if (memory.told(module.serial)) module.setDoor(1, opened === undefined);
  else module.state.doorsClosed[0] = opened === undefined;
  if (opened) timers.at(opened.toMs, () => module.setDoor(1, true));
}

/** The door of the cabinet in which the first module hangs, as the town has it: day by day. */
function openDoors(town: GridTown, concentrator: number, module: LocalModule, timers: SiteTimers): void {
  const nowMs = timers.clock.now();
  const nextDayMs = town.calendar.day(town.calendar.dayAt(nowMs) + 1).startMs;
  for (const { fromMs, toMs } of doorsOf(town, concentrator, nowMs, nextDayMs)) {
    timers.at(fromMs, () => module.setDoor(1, false));
    timers.at(toMs, () => module.setDoor(1, true));
  }
  timers.at(nextDayMs, () => openDoors(town, concentrator, module, timers));
}

function supplyOf(
  town: GridTown,
  number: number,
  modules: readonly LocalModule[],
  clock: Clock,
  memory: SiteMemory,
): SupplyUnit {
  const serial = String(39_000_000 + (town.options.seed % 100) * 10_000 + number);
  const state = recallSupply(serial, clock.now(), memory);
  const unit = new SupplyUnit({
    serial,
    clock,
    calendar: town.calendar,
    state,
    save: supplyKeeper(serial, state, memory),
    onOutputs: (rails) => {
      for (const module of modules) module.setSupply(rails.modules);
    },
  });
  // An outage that somebody made ends with the process that knew of it, at the latest.
  unit.setMains(mainsUsualV);
  return unit;
}
