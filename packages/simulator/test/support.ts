import { connect } from "node:net";
import type { ByteStream, Clock } from "@energsys/protocols";
import { LocalCalendar } from "../src/calendar.ts";
import { MeterDevice } from "../src/dlms/meter-device.ts";
import { DayCache, type Surroundings } from "../src/load/curve.ts";
import { type Likelihood, usualLikelihood } from "../src/load/happenings.ts";
import { Sky } from "../src/load/sun.ts";
import { type MeterDescription, type MeterKind, meterKinds } from "../src/meter/description.ts";
import { VirtualMeter } from "../src/meter/virtual-meter.ts";
import { buildTown, type KindShares } from "../src/town/town.ts";

/** A Tuesday in winter time, seven and a half minutes into a quarter-hour. */
export const nowMs = Date.UTC(2026, 10, 10, 10, 7, 30);
export const slotMs = 900_000;
export const calendar = new LocalCalendar("Europe/Bucharest");

/** Nothing ever happens: no outage, no clock set, no cover. */
export const quiet: Likelihood = { plannedOutage: 0, faultOutage: 0, clockSet: 0, cover: 0 };

/** Surroundings of their own, so that one test's cached days are not another's. */
export const surroundings = (likelihood: Likelihood = usualLikelihood): Surroundings => ({
  calendar,
  likelihood,
  sky: new Sky({ key: 7, latitude: 45.1, longitude: 25.9 }),
  days: new DayCache(512),
});

export type MeterChanges = Partial<Omit<MeterDescription, "customer" | "profile">> & {
  readonly customer?: Partial<MeterDescription["customer"]>;
  readonly profile?: Partial<MeterDescription["profile"]>;
};

/** A plain meter without password or clock error, changed as a test needs it. */
export function meterOf(
  kind: MeterKind,
  changes: MeterChanges = {},
  around: Surroundings = surroundings(),
  now: () => number = () => nowMs,
): VirtualMeter {
  const shares = Object.fromEntries(meterKinds.map((one) => [one, one === kind ? 1 : 0])) as KindShares;
  const { meter } = buildTown({ points: 1, seed: 5, days: 30, shares }).points[0]!;
  const plain: MeterDescription = {
    ...meter,
    serial: "70100042",
    identity: kind.startsWith("dlms") ? "ENS0000070100042" : "70100042",
    followsSummerTime: true,
    clockOffsetMs: 0,
    framing: kind === "dlms-hdlc" ? "hdlc" : "wrapper",
    password: kind.startsWith("dlms") ? "" : "00000000",
    customer: { ...meter.customer, fixedTime: false },
    profile: {
      columns: "index",
      nullData: false,
      compact: false,
      skipsOutages: false,
      capacityRows: 30 * 96,
    },
  };
  const changed: MeterDescription = {
    ...plain,
    ...changes,
    customer: { ...plain.customer, ...changes.customer },
    profile: { ...plain.profile, ...changes.profile },
  };
  return new VirtualMeter(changed, around, now);
}

/** The meter with what it remembers, under its own name. */
export const deviceOf = (meter: VirtualMeter): MeterDevice => {
  const { serial, identity } = meter.description;
  return new MeterDevice(meter, { serial, identity });
};

export const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replace(/\s+/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const asciiOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

export const realClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A connection as a byte stream; what it got is kept too. */
export async function dial(port: number): Promise<ByteStream & { readonly received: number[] }> {
  const socket = connect({ host: "127.0.0.1", port });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", resolve);
  });
  socket.on("error", () => socket.destroy());
  const received: number[] = [];
  socket.on("data", (chunk: Uint8Array) => received.push(...chunk));
  return {
    received,
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on("data", listener),
    onEnd: (listener) => void socket.once("close", () => listener()),
    close: () => void socket.destroy(),
  };
}

/** Polls until `found` gives something. */
export async function until<Found>(found: () => Found | undefined | false): Promise<Found> {
  for (const started = Date.now(); Date.now() - started < 10_000; ) {
    const result = found();
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nothing came within ten seconds");
}
