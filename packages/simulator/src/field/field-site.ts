import type { Clock } from "@energsys/protocols";
import { MeterDevice } from "../dlms/meter-device.ts";
import { buildMeters } from "../town/meters.ts";
import { Bus } from "./bus.ts";
import { attachBlockDevice, attachMeter, attachSupplyUnit } from "./bus-slaves.ts";
import { calledMeter } from "./called-meter.ts";
import { LocalModule } from "./local-module.ts";
import { newModuleState } from "./module-state.ts";
import { PulseMeter } from "./pulse-meter.ts";
import { SiteMemory } from "./site-memory.ts";
import {
  followDevice,
  followMeter,
  moduleKeeper,
  recallInput,
  recallSupply,
  recallTold,
  supplyKeeper,
} from "./site-recall.ts";
import { mainsUsualV, SupplyUnit } from "./supply-unit.ts";
import type { Subscriber } from "./virtual-modem.ts";

export interface FieldSiteOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly modules: number;
  readonly inputs: 8 | 16 | 32;
  /** Meters with a serial line of their own on the bus, by device addresses 1, 2, 3 … */
  readonly meters: number;
  readonly duplex?: "full" | "half";
  /** Of both lines; absent: they take no time. */
  readonly baudRate?: number;
  /**
   * Market day from which pulse meters count, and the counters of their modules with them, so that hundreds of sites are quickly there and small. Without it
   * the counters are new.
   */
  readonly countsFrom?: string;
  /** What was done to it before, and where that is kept from now on; absent: it is forgotten with this process. */
  readonly memory?: SiteMemory;
}

/** What one concentrator has below it: a bus with modules and meters, a supply unit on its own line, and who can be called. */
export interface FieldSite {
  readonly bus: Bus;
  readonly supplyBus: Bus;
  readonly modules: ReadonlyMap<
    string,
    { readonly module: LocalModule; readonly meters: readonly PulseMeter[] }
  >;
  /** Meters on the bus, by device address. */
  readonly meters: ReadonlyMap<string, MeterDevice>;
  readonly supply: SupplyUnit;
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  stop(): void;
}

const serialMeterKinds = { "iec-lcd": 1, "iec-iskra-mt": 1, "iec-elster": 1, "iec-landis": 1 } as const;
const firstNumber = 740_100_000;

/**
 * Builds a site with the households of a town: one pulse meter on each input of the modules, each with a relay, then meters of three
 * makers and our own with serial lines. The n-th of these also answers calls to 0740100000 + n; 0740100900 is engaged, and
 * nobody answers 0740100901.
 */
export function buildFieldSite(options: FieldSiteOptions): FieldSite {
  const { clock, seed, inputs, memory = new SiteMemory() } = options;
  const line = { ...(options.baudRate && { baudRate: options.baudRate }) };
  const nowMs = () => clock.now();
  const startMs = clock.now();
  const bus = new Bus({ clock, seed, ...line, ...(options.duplex && { duplex: options.duplex }) });
  const supplyBus = new Bus({ clock, seed: seed + 1, ...line });
  const pulsing = buildMeters({
    points: options.modules * inputs,
    seed,
    days: 1,
    shares: { "iec-lcd": 1 },
    nowMs,
    // Counters ask for today, and at midnight for yesterday.
    daysKept: 2 * options.modules * inputs,
    ...(options.countsFrom !== undefined && { countsFrom: options.countsFrom }),
  });
  const { calendar } = pulsing;

  const modules = new Map<string, { module: LocalModule; meters: PulseMeter[] }>();
  for (let number = 0; number < options.modules; number++) {
    const mine = pulsing.meters.slice(number * inputs, (number + 1) * inputs);
    const serial = String(30_000_000 + (seed % 1000) * 1000 + number + 1);
    const meters = mine.map((meter) => new PulseMeter(meter));
    const state = newModuleState(
      inputs,
      meters.map((meter) => ({
        ...recallInput(meter, memory),
        ...(options.countsFrom !== undefined && { pulses: meter.pulses(startMs) }),
      })),
      startMs,
    );
    recallTold(state, serial, memory);
    const module = new LocalModule({
      serial,
      clock,
      calendar,
      state,
      driftPpm: (number % 5) * 4,
      save: moduleKeeper(serial, state, (input) => meters[input - 1], memory, clock),
      onRelay: (input, closed) => {
        meters[input - 1]?.switchSupply(closed, clock.now());
      },
    });
    for (const [index, meter] of meters.entries()) meter.wire(module, index + 1, startMs);
    modules.set(serial, { module, meters });
    attachBlockDevice(bus, module, clock, line);
  }

  const spoken = buildMeters({
    points: options.meters,
    seed: seed + 1,
    days: 40,
    shares: serialMeterKinds,
    nowMs,
  });
  const meters = new Map<string, MeterDevice>();
  const subscribers = new Map<string, Subscriber>([
    [`0${firstNumber + 900}`, { kind: "busy" }],
    [`0${firstNumber + 901}`, { kind: "no-answer" }],
  ]);
  for (const [index, meter] of spoken.meters.entries()) {
    const { serial, identity } = meter.description;
    followMeter(meter, memory);
    const device = new MeterDevice(meter, { serial, identity });
    followDevice(device, memory);
    const address = String(index + 1);
    meters.set(address, device);
    attachMeter(bus, device, clock, { address, reactionMs: 20 });
    subscribers.set(`0${firstNumber + index + 1}`, calledMeter(device, clock));
  }

  const supplySerial = String(39_000_000 + (seed % 1000) * 1000);
  const supplyState = recallSupply(supplySerial, startMs, memory);
  const supply = new SupplyUnit({
    serial: supplySerial,
    clock,
    calendar,
    state: supplyState,
    save: supplyKeeper(supplySerial, supplyState, memory),
    onOutputs: (rails) => {
      for (const { module } of modules.values()) module.setSupply(rails.modules);
    },
  });
  supply.setMains(mainsUsualV);
  const onSupplyLine = attachSupplyUnit(supplyBus, supply, clock, line);
  const stop = () => {
    supply.stop();
    onSupplyLine.detach();
  };
  return { bus, supplyBus, modules, meters, supply, subscribers, stop };
}
