import type { ConfigFile, Past } from "@energsys/concentrator";
import type { ByteStream, Clock } from "@energsys/protocols";
import { MeterDevice } from "../dlms/meter-device.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridPoint, GridTown } from "../town/grid-town.ts";
import { nameBehindConcentrator, type TownConcentrator } from "../town/town-books.ts";
import { Bus } from "./bus.ts";
import { attachBlockDevice, attachMeter, attachSupplyUnit } from "./bus-slaves.ts";
import { LocalModule } from "./local-module.ts";
import { newModuleState } from "./module-state.ts";
import { PulseMeter } from "./pulse-meter.ts";
import { newSupplyState, SupplyUnit } from "./supply-unit.ts";
import { pastOf, type SpokenMeter } from "./town-past.ts";

const moduleInputs = 16;
/** Modules of one concentrator at most: 48 pulse meters. */
const modulesMax = 8;
/** Names of the lines. */
const lines = { modules: "modules", hdlc: "hdlc", supply: "supply" } as const;

export interface TownSiteOptions {
  readonly clock: Clock;
  /** How often a supply unit speaks by itself. */
  readonly supplyEveryMs: number;
}

export interface TownSite {
  readonly lines: ConfigFile["lines"];
  /** Passwords of its meters, by the names that it gives them. */
  readonly secrets: Readonly<Record<string, { readonly password: string }>>;
  /** Opens a line by its name. */
  open(name: string): ByteStream;
  /** What was measured since the town began until the last whole quarter-hour, as the concentrator would have kept it. */
  gatherPast(pause: () => Promise<unknown>): Promise<Past>;
  readonly modules: readonly LocalModule[];
  readonly pulseMeters: readonly PulseMeter[];
  stop(): void;
}

/**
 * What one concentrator of a town has below it: modules with pulse meters and meters with serial lines on one bus, meters with HDLC on
 * another, the supply unit on a third.
 */
export function buildTownSite(
  town: GridTown,
  { points, number }: TownConcentrator,
  { clock, supplyEveryMs }: TownSiteOptions,
): TownSite {
  const { seed } = town.options;
  const nowMs = () => clock.now();
  const startMs = clock.now();
  const bus = new Bus({ clock, seed: seed + 3 * number });
  const hdlcBus = new Bus({ clock, seed: seed + 3 * number + 1 });
  const supplyBus = new Bus({ clock, seed: seed + 3 * number + 2 });
  // What gives pulses has no clock that could be wrong.
  const meterOf = ({ index, meter, attachment }: GridPoint) =>
    new VirtualMeter(
      attachment.kind === "pulses" ? { ...meter, clockOffsetMs: 0 } : { ...meter, ...onOneLine(meter) },
      town.surroundings,
      nowMs,
      town.curveOf(index),
    );

  const serialOf = (module: number) =>
    String(30_000_000 + (seed % 100) * 100_000 + number * modulesMax + module);
  const pulsing = points.flatMap((point) =>
    point.attachment.kind === "pulses" ? [{ point, attachment: point.attachment }] : [],
  );
  const modules: LocalModule[] = [];
  const pulseMeters: PulseMeter[] = [];
  for (let n = 0; pulsing.some(({ attachment }) => attachment.module === n); n++) {
    const mine = pulsing
      .filter(({ attachment }) => attachment.module === n)
      .map(({ point, attachment }) => ({ input: attachment.input, meter: new PulseMeter(meterOf(point)) }));
    const byInput = new Map(mine.map(({ input, meter }) => [input, meter]));
    const state = newModuleState(
      moduleInputs,
      Array.from({ length: moduleInputs }, (_, index) => {
        const meter = byInput.get(index + 1);
        return meter && { relay: "closed" as const, pulses: meter.pulses(startMs), name: meter.name };
      }),
      startMs,
    );
    const module = new LocalModule({
      serial: serialOf(n),
      clock,
      calendar: town.calendar,
      state,
      driftPpm: ((number + n) % 5) * 4,
      onRelay: (input, closed) => byInput.get(input)?.switchSupply(closed),
    });
    for (const { input, meter } of mine) meter.wire(module, input, startMs);
    attachBlockDevice(bus, module, clock);
    modules.push(module);
    pulseMeters.push(...mine.map(({ meter }) => meter));
  }

  const spoken: SpokenMeter[] = [];
  const secrets: Record<string, { password: string }> = {};
  for (const point of points) {
    const { attachment } = point;
    if (attachment.kind !== "iec" && attachment.kind !== "hdlc") continue;
    const { serial, identity, kind, password } = point.meter;
    const name = nameBehindConcentrator(point);
    if (kind === "iec-own") secrets[name] = { password };
    const meter = meterOf(point);
    const device = new MeterDevice(meter, { serial, identity });
    const { address } = attachment;
    const line = attachment.kind === "iec" ? lines.modules : lines.hdlc;
    spoken.push({ name, meter, kind: attachment.kind === "iec" ? "iec" : "dlms", line, address });
    if (attachment.kind === "iec") attachMeter(bus, device, clock, { address });
    else attachMeter(hdlcBus, device, clock, { physical: Number(address) });
  }

  const supply = new SupplyUnit({
    serial: String(39_000_000 + (seed % 100) * 10_000 + number),
    clock,
    calendar: town.calendar,
    state: newSupplyState(startMs),
    onOutputs: (rails) => {
      for (const module of modules) module.setSupply(rails.modules);
    },
  });
  attachSupplyUnit(supplyBus, supply, clock, { sendEveryMs: supplyEveryMs });

  const addressesOn = (name: string) =>
    spoken.filter(({ line }) => line === name).map(({ address }) => address);
  const buses: Readonly<Record<string, Bus>> = {
    [lines.modules]: bus,
    [lines.hdlc]: hdlcBus,
    [lines.supply]: supplyBus,
  };
  // The buses are handed over in memory; the configuration has to name a place all the same.
  const url = "tcp://127.0.0.1:1";
  return {
    lines: [
      {
        name: lines.modules,
        url,
        kind: "iec",
        scan: [...modules.map(({ serial }) => serial), ...addressesOn(lines.modules)],
      },
      ...(addressesOn(lines.hdlc).length > 0
        ? [
            {
              name: lines.hdlc,
              url,
              kind: "dlms" as const,
              scan: addressesOn(lines.hdlc),
              dlms: "client=16&server=1",
            },
          ]
        : []),
      { name: lines.supply, url, kind: "iec" as const, supply: true },
    ],
    secrets,
    open: (name) => buses[name]!.master(),
    gatherPast: (pause) =>
      pastOf(
        town,
        clock.now(),
        {
          modules: modules.map((module, index) => ({
            module,
            line: lines.modules,
            points: pulsing
              .filter(({ attachment }) => attachment.module === index)
              .map(({ point, attachment }) => ({ point, input: attachment.input })),
          })),
          spoken,
          supply: { unit: supply, line: lines.supply },
        },
        pause,
      ),
    modules,
    pulseMeters,
    stop: () => supply.stop(),
  };
}

// One client speaks to all of an HDLC line, so that none of them asks for a password.
const onOneLine = ({ kind, password, profile }: GridPoint["meter"]) => ({
  password: kind === "dlms-hdlc" ? "" : password,
  profile: { ...profile, columns: "index" as const },
});
