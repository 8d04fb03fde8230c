import type { Clock } from "@energsys/protocols";
import type { MeterDescription } from "../meter/description.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import { exchangedMeter } from "../town/exchanged-meter.ts";
import type { GridPoint, GridTown } from "../town/grid-town.ts";
import { nameBehindConcentrator } from "../town/town-books.ts";
import type { CountedMeter } from "./counts-meanwhile.ts";
import type { PulseSource } from "./pulse-input.ts";
import { PulseMeter } from "./pulse-meter.ts";
import { siteLines } from "./site-lines.ts";

/** Days of load profile that the meters with lines of their own keep. */
const keptRows = 400 * 96;

/** A meter with a serial line of its own, in the time in which it is there. */
export interface SpokenMeter {
  readonly point: GridPoint;
  readonly name: string;
  readonly meter: VirtualMeter;
  readonly kind: "iec" | "dlms";
  readonly line: string;
  readonly address: string;
}

/** A meter on an input of a module, and the one that takes its place. */
export interface PulsingPoint {
  readonly point: GridPoint;
  readonly module: number;
  readonly input: number;
  readonly first: PulseMeter;
  readonly next?: PulseMeter;
  /** What the input has counted at an instant: the drums of the first meter, and the pulses of the next one since the exchange. */
  readonly counted: PulseSource;
}

/** The meter that is on an input. */
export const meterNow = ({ point, first, next }: PulsingPoint, nowMs: number): PulseMeter =>
  next && point.exchange && nowMs >= point.exchange.atMs ? next : first;

export const countedOf = ({ point, counted, next }: PulsingPoint): CountedMeter[] => [
  {
    name: nameBehindConcentrator(point),
    counted,
    ...(point.exchange && { untilMs: point.exchange.atMs }),
  },
  ...(next ? [{ name: nameBehindConcentrator(point, true), counted }] : []),
];

export function pulsingOf(town: GridTown, point: GridPoint, clock: Clock): PulsingPoint[] {
  const { attachment, exchange } = point;
  if (attachment.kind !== "pulses") return [];
  const first = new PulseMeter(meterOf(town, point, false, clock));
  const next = exchange && new PulseMeter(meterOf(town, point, true, clock));
  const counted: PulseSource =
    exchange && next
      ? (atMs) => first.pulses(Math.min(atMs, exchange.atMs)) + (atMs > exchange.atMs ? next.pulses(atMs) : 0)
      : first.pulses;
  const { module, input } = attachment;
  return [{ point, module, input, first, counted, ...(next && { next }) }];
}

export function spokenOf(town: GridTown, point: GridPoint, clock: Clock): SpokenMeter[] {
  const { attachment } = point;
  if (attachment.kind !== "iec" && attachment.kind !== "hdlc") return [];
  return (point.exchange ? [false, true] : [false]).map((exchanged) => ({
    point,
    name: nameBehindConcentrator(point, exchanged),
    meter: meterOf(town, point, exchanged, clock),
    kind: attachment.kind === "iec" ? "iec" : "dlms",
    line: attachment.kind === "iec" ? siteLines.modules : siteLines.hdlc,
    address: attachment.address,
  }));
}

/** The meter of a point: registers begin where the ledger has them, those of a new one with 0 at its exchange. */
export function meterOf(town: GridTown, point: GridPoint, exchanged: boolean, clock: Clock): VirtualMeter {
  const curve = town.curveOf(point.index);
  const { meter, attachment, exchange } = point;
  const { drift, ...others } = meter;
  const given: MeterDescription = {
    ...others,
    // What gives pulses has no clock that could be wrong.
    ...(attachment.kind === "pulses" ? { clockOffsetMs: 0 } : drift && { drift }),
    // One client speaks to all of an HDLC line, so that none of them asks for a password.
    ...(attachment.kind === "hdlc" && { password: "" }),
    profile: {
      ...meter.profile,
      capacityRows: keptRows,
      ...(attachment.kind === "hdlc" && { columns: "index" as const }),
    },
  };
  const nowMs = () => clock.now();
  if (!exchanged || !exchange) return new VirtualMeter(given, town.surroundings, nowMs, curve);
  return new VirtualMeter(exchangedMeter(given, exchange, curve), town.surroundings, nowMs, curve);
}
