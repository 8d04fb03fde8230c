import { type Claim, MeterDevice } from "./dlms/meter-device.ts";
import { pushFrom } from "./dlms/pushing.ts";
import { SimulatorError } from "./errors.ts";
import { type FaultPlan, faultOf } from "./faults.ts";
import { type Inventory, writeInventory } from "./inventory.ts";
import { CallingMeter } from "./links/calling-in.ts";
import { DatagramMeter } from "./links/datagrams.ts";
import { lineClock } from "./links/line-clock.ts";
import { ListeningMeter } from "./links/listening.ts";
import type { Likelihood } from "./load/happenings.ts";
import { isDlms } from "./meter/description.ts";
import type { VirtualMeter } from "./meter/virtual-meter.ts";
import { uniform } from "./random.ts";
import { buildMeters } from "./town/meters.ts";
import type { KindShares } from "./town/town.ts";
import { inventoryOf } from "./town/town-inventory.ts";
import { Ledger, type TruthRows } from "./truth.ts";

export interface SimulatorOptions {
  /** Number of meters, 1 to 5000 (default 24). */
  readonly points?: number;
  /** Equal seeds make equal towns and equal bytes (default 1). */
  readonly seed?: number;
  /** Days of load profile that each meter keeps, 1 to 400 (default 30). */
  readonly days?: number;
  /** First port; meter n listens on the n-th after it. 0 = any free port for each (default). */
  readonly basePort?: number;
  /** Loopback unless told (default 127.0.0.1). */
  readonly host?: string;
  /** Parts of the town by what its meters speak, as weights; a kind left out is absent. */
  readonly shares?: Partial<KindShares>;
  /** Some of the DLMS meters with wrapper call in here instead of listening. */
  readonly callIn?: {
    readonly host: string;
    readonly port: number;
    readonly share?: number;
    readonly heartbeatMs?: number;
    readonly spreadMs?: number;
  };
  readonly faults?: FaultPlan;
  readonly zone?: string;
  readonly likelihood?: Likelihood;
  /** The reading plan that the inventory asks for (default: every 900 s). */
  readonly everySeconds?: number;
  /** Written in one step before the simulator is ready. */
  readonly inventoryFile?: string;
  /** The present, for tests (default: the machine's clock). */
  readonly nowMs?: () => number;
}

export interface Simulator {
  readonly inventory: Inventory;
  readonly meters: readonly VirtualMeter[];
  /** What a meter truly recorded in [fromMs, toMs). @throws SimulatorError `simulator.meter-unknown`, `simulator.register-unknown` */
  truth(serial: string, obis: string, fromMs: number, toMs: number): TruthRows;
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

export const pointsMax = 5000;
const listenAtOnce = 200;
const tickMs = 500;
/** A meter drops a connection that is silent for so long. */
const idleMs = 180_000;

/**
 * Starts a town of virtual meters in this process.
 * @throws SimulatorError `simulator.option-invalid`, `simulator.port-used`, `simulator.port-denied`, `simulator.inventory-unwritable`
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { points = 24, seed = 1, days = 30, basePort = 0, host = "127.0.0.1" } = options;
  check(Number.isInteger(points) && points >= 1 && points <= pointsMax, `points: 1 to ${pointsMax}`);
  check(Number.isInteger(days) && days >= 1 && days <= 400, "days: 1 to 400");
  check(
    basePort === 0 || basePort + points - 1 <= 65_535,
    `base port: ${points} ports do not fit above ${basePort}`,
  );
  const nowMs = options.nowMs ?? Date.now;

  const { town, calendar, meters } = buildMeters({ ...options, points, seed, days, nowMs });
  const claims = new Map<string, Claim>(
    meters.map(({ description }) => [
      description.serial,
      { serial: description.serial, identity: description.identity },
    ]),
  );

  const clock = lineClock(nowMs);
  const devices: MeterDevice[] = [];
  const listening: (ListeningMeter | DatagramMeter)[] = [];
  const calling: CallingMeter[] = [];
  const ports = new Map<number, number>();
  const waiting: (() => Promise<void>)[] = [];
  for (const [index, meter] of meters.entries()) {
    const { description } = meter;
    const fault = faultOf(options.faults, description);
    const own = claims.get(description.serial) as Claim;
    const neighbour = meters[(index + 1) % meters.length]?.description.serial ?? "";
    const claim = fault?.kind === "identity" ? (claims.get(fault.as ?? neighbour) ?? own) : own;
    const common = { clock, ...(fault && { fault }) };
    const device = new MeterDevice(meter, claim);
    device.pusher = (list, pushOptions) => pushFrom(device, list, pushOptions);
    devices.push(device);
    if (
      options.callIn &&
      isDlms(description.kind) &&
      description.framing === "wrapper" &&
      description.kind !== "dlms-udp" &&
      callsIn(options.callIn.share ?? 0.1, description.key)
    ) {
      const { heartbeatMs = 120_000, spreadMs = Math.min(10_000, points * 10) } = options.callIn;
      if (fault?.kind === "refuses") continue;
      calling.push(
        new CallingMeter(device, {
          ...common,
          host: options.callIn.host,
          port: options.callIn.port,
          heartbeatMs,
          spreadMs,
        }),
      );
    } else {
      const port = basePort === 0 ? 0 : basePort + index;
      // Port 9 (discard) stands in for a device that nobody answers for when ports are chosen freely.
      ports.set(index, port === 0 ? 9 : port);
      if (fault?.kind === "refuses") continue;
      const place = { host, port, ...(fault && { fault }) };
      const listener =
        description.kind === "dlms-udp"
          ? new DatagramMeter(device, place)
          : new ListeningMeter(device, { ...place, clock });
      listening.push(listener);
      waiting.push(async () => {
        ports.set(index, await listener.listen());
      });
    }
  }

  const closeAll = async () => {
    for (const meter of calling) meter.stop();
    await Promise.all(listening.map((listener) => listener.close()));
  };
  try {
    for (let from = 0; from < waiting.length; from += listenAtOnce) {
      await Promise.all(waiting.slice(from, from + listenAtOnce).map((listen) => listen()));
    }
  } catch (error) {
    await closeAll();
    throw error;
  }

  const inventory = inventoryOf(town, {
    host,
    ports,
    installedAtMs: calendar.firstMs,
    plan: { name: "Every meter", everySeconds: options.everySeconds ?? 900, backfillDays: days },
  });
  try {
    if (options.inventoryFile !== undefined) writeInventory(options.inventoryFile, inventory);
  } catch (error) {
    await closeAll();
    throw error;
  }

  // One timer for all: calls and heartbeats are due at instants, not by timers of their own.
  let ticks = 0;
  const timer = setInterval(() => {
    const now = nowMs();
    for (const meter of calling) meter.tick(now);
    for (const device of devices) device.catchUp();
    ticks += 1;
    if (ticks % 20 === 0)
      for (const meter of listening) if (meter instanceof ListeningMeter) meter.dropIdle(idleMs);
  }, tickMs);

  const ledger = new Ledger(meters);
  return {
    inventory,
    meters,
    ledger,
    truth: (serial, obis, fromMs, toMs) => ledger.rows(serial, obis, fromMs, toMs),
    async stop() {
      clearInterval(timer);
      await closeAll();
    },
  };
}

const callsIn = (share: number, key: number) => uniform(key, 0xca11) < share;

function check(good: boolean, detail: string): void {
  if (!good) throw new SimulatorError("simulator.option-invalid", detail);
}
