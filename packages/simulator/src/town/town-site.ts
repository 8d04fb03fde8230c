import type { ConfigFile } from "@energsys/concentrator";
import type { Clock } from "@energsys/protocols";
import { MeterDevice } from "../dlms/meter-device.ts";
import { Bus } from "../field/bus.ts";
import { attachBlockDevice, attachMeter, type BusSlave } from "../field/bus-slaves.ts";
import { LocalModule } from "../field/local-module.ts";
import { type InputState, newModuleState } from "../field/module-state.ts";
import type { PulseSource } from "../field/pulse-input.ts";
import type { MeterDescription } from "../meter/description.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridPoint, GridTown } from "./grid-town.ts";
import { doorsOf } from "./happenings.ts";
import { startOf, stepOf } from "./town-ledger.ts";

/** What hangs below one concentrator of a town, and what the concentrator has to be told of it. */
export interface TownSite {
  readonly identity: string;
  readonly points: readonly GridPoint[];
  /** RS-485 lines: `a` with modules and IEC 62056-21, `b` with HDLC. */
  readonly lines: ReadonlyMap<string, Bus>;
  readonly modules: readonly LocalModule[];
  /** For `checkConfig`: lines, meters, and the name of each point's meter, before and after its exchange. */
  readonly config: Pick<ConfigFile, "lines" | "meters">;
  /** Passwords by the name of the meter, as a file of secrets has them. */
  readonly secrets: Readonly<Record<string, { readonly password: string }>>;
  /** What a concentrator calls the meter of a point, before and after its exchange. */
  nameOf(point: GridPoint, exchanged: boolean): string;
}

export interface TownSiteOptions {
  readonly clock: Clock;
  /** Of the lines; absent: they take no time. */
  readonly baudRate?: number;
}

const inputsOfModule = 16;
/** Wh for each pulse of a meter's output. */
const pulseWh = 5;
/** Days of load profile that the meters with lines of their own keep. */
const keptRows = 400 * 96;

/**
 * What hangs below one concentrator of a town, on virtual lines: modules whose inputs follow the pulses of the town's points, and meters that
 * speak for themselves. What they show at any instant is what the ledger says. A meter that the town exchanges is exchanged on its line.
 */
export function buildTownSite(
  town: GridTown,
  concentrator: number,
  { clock, baudRate }: TownSiteOptions,
): TownSite {
  const line = { ...(baudRate !== undefined && { baudRate }) };
  const lines = new Map(["a", "b"].map((name) => [name, new Bus({ clock, ...line })] as const));
  const points = town.points.filter(
    ({ attachment }) => attachment.kind !== "direct" && attachment.concentrator === concentrator,
  );
  const meters: NonNullable<ConfigFile["meters"]> = [];
  const secrets: Record<string, { password: string }> = {};
  const nameOf = (point: GridPoint, exchanged: boolean) =>
    makerOf(point) +
    (exchanged ? (point.exchange?.serial ?? "") : point.meter.serial).padStart(
      point.attachment.kind === "hdlc" ? 13 : 8,
      "0",
    );

  const modules = new Map<number, LocalModule>();
  for (const point of points) {
    const { attachment } = point;
    if (attachment.kind !== "pulses") continue;
    const module = modules.get(attachment.module) ?? newModule(town, concentrator, attachment.module, clock);
    modules.set(attachment.module, module);
    module.connect(attachment.input, { name: nameOf(point, false) });
    const pulses = pulsesOf(town, point);
    // The counter of a module survives everything, this process too: it has counted since the town began.
    const input = module.state.inputs[attachment.input - 1] as InputState;
    input.pulses = pulses(clock.now());
    module.followPulses(attachment.input, pulses);
    const place = { line: "a", address: module.serial, input: attachment.input };
    const startWh = Math.floor(startOf(point) / pulseWh) * pulseWh;
    meters.push({ name: nameOf(point, false), ...place, indexStartWh: String(startWh), counterStart: 0 });
    if (!point.exchange) continue;
    const { atMs } = point.exchange;
    meters.push({ name: nameOf(point, true), ...place, indexStartWh: "0", counterStart: pulses(atMs) });
    if (clock.now() >= atMs) module.connect(attachment.input, { name: nameOf(point, true) });
    else at(clock, atMs, () => module.connect(attachment.input, { name: nameOf(point, true) }));
  }
  const [first] = modules.values();
  if (first) openDoors(town, concentrator, first, clock);
  for (const module of modules.values()) attachBlockDevice(lines.get("a") as Bus, module, clock, line);

  for (const point of points) {
    const { attachment, exchange } = point;
    if (attachment.kind !== "iec" && attachment.kind !== "hdlc") continue;
    const bus = lines.get(attachment.kind === "iec" ? "a" : "b") as Bus;
    const put = (exchanged: boolean): BusSlave => {
      const meter = meterOf(town, point, exchanged, clock);
      const { serial, identity } = meter.description;
      const device = new MeterDevice(meter, { serial, identity });
      return attachment.kind === "iec"
        ? attachMeter(bus, device, clock, { address: attachment.address })
        : attachMeter(bus, device, clock, { physical: Number(attachment.address) });
    };
    for (const exchanged of exchange ? [false, true] : [false]) {
      secrets[nameOf(point, exchanged)] = { password: "00000000" };
    }
    if (exchange && clock.now() >= exchange.atMs) put(true);
    else {
      const first = put(false);
      if (!exchange) continue;
      at(clock, exchange.atMs, () => {
        first.detach();
        put(true);
      });
    }
  }

  const scanned = (kind: "iec" | "hdlc") =>
    points.flatMap(({ attachment }) => (attachment.kind === kind ? [attachment.address] : []));
  const url = "tcp://127.0.0.1:1";
  const scanOfA = [...[...modules.values()].map(({ serial }) => serial), ...scanned("iec")];
  const config = {
    lines: [
      { name: "a", url, kind: "iec" as const, scan: scanOfA },
      { name: "b", url, kind: "dlms" as const, scan: scanned("hdlc"), dlms: "client=16&server=1" },
    ],
    meters,
  };
  const identity = `ENC${String((town.options.seed % 1000) * 10_000 + concentrator).padStart(13, "0")}`;
  return { identity, points, lines, modules: [...modules.values()], config, secrets, nameOf };
}

/** The door of the cabinet in which the first module hangs, as the town has it: day by day. */
function openDoors(town: GridTown, concentrator: number, module: LocalModule, clock: Clock): void {
  const nowMs = clock.now();
  const nextDayMs = town.calendar.day(town.calendar.dayAt(nowMs) + 1).startMs;
  for (const { fromMs, toMs } of doorsOf(town, concentrator, nowMs, nextDayMs)) {
    at(clock, fromMs, () => module.setDoor(1, false));
    at(clock, toMs, () => module.setDoor(1, true));
  }
  at(clock, nextDayMs, () => openDoors(town, concentrator, module, clock));
}

/** At an instant, however far; timers of the machine end after 24 days. */
function at(clock: Clock, atMs: number, action: () => void): void {
  const waitMs = atMs - clock.now();
  if (waitMs <= 0) action();
  else clock.after(Math.min(waitMs, 86_400_000), () => at(clock, atMs, action));
}

const makers = { "iec-iskra": "ISK", "iec-landis": "LGZ" } as const;
const makerOf = ({ attachment, meter }: GridPoint): string =>
  (attachment.kind === "iec" && makers[meter.kind as keyof typeof makers]) || "ENS";

function newModule(town: GridTown, concentrator: number, number: number, clock: Clock): LocalModule {
  const state = newModuleState(inputsOfModule, [], clock.now());
  for (const input of state.inputs) {
    input.relay = "closed";
    input.relayOrdered = "closed";
  }
  const serial = String(31_000_000 + (town.options.seed % 100) * 10_000 + concentrator * 8 + number);
  return new LocalModule({ serial, clock, calendar: town.calendar, state });
}

/** Pulses of the output at a point since the town began, of the old meter and then of the new one. */
function pulsesOf(town: GridTown, point: GridPoint): PulseSource {
  const curve = town.curveOf(point.index);
  const start = startOf(point);
  const step = stepOf(point);
  const since = (wh: number, from: number) => Math.floor((from + wh) / step) - Math.floor(from / step);
  const { exchange } = point;
  const sumAtExchange = exchange ? curve.cumulatedAt(exchange.atMs).importWh : 0;
  return (atMs) => {
    const sum = curve.cumulatedAt(atMs).importWh;
    if (!exchange || atMs < exchange.atMs) return since(sum, start);
    return since(sumAtExchange, start) + since(sum - sumAtExchange, 0);
  };
}

/** The meter of a point as a device of its own: registers begin where the ledger has them, those of a new one with 0 at its exchange. */
function meterOf(town: GridTown, point: GridPoint, exchanged: boolean, clock: Clock): VirtualMeter {
  const curve = town.curveOf(point.index);
  const { meter, exchange } = point;
  const given: MeterDescription = {
    ...meter,
    // What it says does not depend on a password for each; the profile reaches as far as a town is old.
    password: point.attachment.kind === "hdlc" ? "" : meter.password,
    profile: { ...meter.profile, capacityRows: keptRows },
    startWh: { ...meter.startWh, rate1: startOf(point) - meter.startWh.rate2 },
  };
  if (!exchanged || !exchange) return new VirtualMeter(given, town.surroundings, () => clock.now(), curve);
  const { rate1Wh, rate2Wh, exportWh } = curve.cumulatedAt(exchange.atMs);
  const fresh: MeterDescription = {
    ...given,
    serial: exchange.serial,
    identity: given.identity.replace(meter.serial, exchange.serial),
    startWh: { rate1: -rate1Wh, rate2: -rate2Wh, export: -exportWh },
    installedMs: exchange.atMs,
  };
  return new VirtualMeter(fresh, town.surroundings, () => clock.now(), curve);
}
