import { type Claim, MeterDevice } from "../dlms/meter-device.ts";
import { pushFrom } from "../dlms/pushing.ts";
import { type FaultPlan, faultOf } from "../faults.ts";
import { isDlms } from "../meter/description.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { uniform } from "../random.ts";
import { CallingMeter } from "./calling-in.ts";
import { DatagramMeter } from "./datagrams.ts";
import { lineClock } from "./line-clock.ts";
import { ListeningMeter } from "./listening.ts";

export interface CallInPlace {
  readonly host: string;
  readonly port: number;
  /** Part of the DLMS meters with wrapper that call in instead of listening; 0.1 unless told. */
  readonly share?: number;
  readonly heartbeatMs?: number;
  readonly spreadMs?: number;
}

export interface OwnLinesOptions {
  /** The n-th meter listens on the n-th port after it. 0 = any free port for each. */
  readonly basePort: number;
  readonly host: string;
  readonly callIn?: CallInPlace;
  readonly faults?: FaultPlan;
  /** Whether meters that call in may call by now; absent: at once. */
  readonly mayCall?: () => boolean;
  readonly nowMs: () => number;
  /** Meters that are put in the place of others, by the place in the list; one whose instant has passed is there from the start. */
  readonly exchanges?: ReadonlyMap<number, MeterExchange>;
  /** What each device goes through before anybody speaks to it: it is told what was written to it in an earlier process. */
  readonly follow?: (device: MeterDevice) => void;
}

export interface MeterExchange {
  readonly atMs: number;
  readonly meter: VirtualMeter;
}

/** Meters that have a line of their own: a port each, or a call to the head-end. */
export interface OwnLines {
  /** Ports by the place of the meter in the list; those that call in have none. */
  readonly ports: ReadonlyMap<number, number>;
  readonly calling: number;
  close(): Promise<void>;
}

const listenAtOnce = 200;
const tickMs = 500;
/** A meter drops a connection that is silent for so long. */
const idleMs = 180_000;

/** @throws SimulatorError `simulator.port-used`, `simulator.port-denied` */
export async function openOwnLines(
  meters: readonly VirtualMeter[],
  options: OwnLinesOptions,
): Promise<OwnLines> {
  const { basePort, host, nowMs } = options;
  const clock = lineClock(nowMs);
  const claims = new Map<string, Claim>(
    meters.map(({ description: { serial, identity } }) => [serial, { serial, identity }]),
  );
  const devices: MeterDevice[] = [];
  const listening: (ListeningMeter | DatagramMeter)[] = [];
  const calling: CallingMeter[] = [];
  const ports = new Map<number, number>();
  const waiting: (() => Promise<void>)[] = [];
  const exchanging: { readonly atMs: number; readonly run: () => void }[] = [];
  for (const [index, first] of meters.entries()) {
    const exchange = options.exchanges?.get(index);
    const isExchanged = exchange !== undefined && exchange.atMs <= nowMs();
    const meter = isExchanged ? exchange.meter : first;
    const { description } = meter;
    const fault = faultOf(options.faults, description);
    const own = claims.get(description.serial) ?? description;
    const neighbour = meters[(index + 1) % meters.length]?.description.serial ?? "";
    const claim = fault?.kind === "identity" ? (claims.get(fault.as ?? neighbour) ?? own) : own;
    const common = { clock, ...(fault && { fault }) };
    const device = deviceOf(meter, claim, options.follow);
    devices.push(device);
    const exchangeWith = (place: ListeningMeter | CallingMeter) => {
      if (!exchange || isExchanged) return;
      const run = () => {
        const next = deviceOf(exchange.meter, exchange.meter.description, options.follow);
        devices[index] = next;
        place.exchange(next);
      };
      exchanging.push({ atMs: exchange.atMs, run });
    };
    if (
      options.callIn &&
      isDlms(description.kind) &&
      description.framing === "wrapper" &&
      description.kind !== "dlms-udp" &&
      callsIn(options.callIn.share ?? 0.1, description.key)
    ) {
      const { heartbeatMs = 120_000, spreadMs = Math.min(10_000, meters.length * 10) } = options.callIn;
      if (fault?.kind === "refuses") continue;
      const { host: centre, port } = options.callIn;
      const caller = new CallingMeter(device, { ...common, host: centre, port, heartbeatMs, spreadMs });
      calling.push(caller);
      exchangeWith(caller);
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
      if (listener instanceof ListeningMeter) exchangeWith(listener);
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

  // One timer for all: calls and heartbeats are due at instants, not by timers of their own.
  let ticks = 0;
  const timer = setInterval(() => {
    const now = nowMs();
    for (const one of exchanging.filter(({ atMs }) => atMs <= now)) {
      exchanging.splice(exchanging.indexOf(one), 1);
      one.run();
    }
    if (options.mayCall?.() !== false) for (const meter of calling) meter.tick(now);
    for (const device of devices) device.catchUp();
    ticks += 1;
    if (ticks % 20 === 0)
      for (const meter of listening) if (meter instanceof ListeningMeter) meter.dropIdle(idleMs);
  }, tickMs);
  return {
    ports,
    calling: calling.length,
    async close() {
      clearInterval(timer);
      await closeAll();
    },
  };
}

/** A meter that pushes by itself, under the numbers that it claims. */
function deviceOf(
  meter: VirtualMeter,
  { serial, identity }: Claim,
  follow?: (device: MeterDevice) => void,
): MeterDevice {
  const device = new MeterDevice(meter, { serial, identity });
  follow?.(device);
  device.pusher = (list, pushOptions) => pushFrom(device, list, pushOptions);
  return device;
}

const callsIn = (share: number, key: number) => uniform(key, 0xca11) < share;
