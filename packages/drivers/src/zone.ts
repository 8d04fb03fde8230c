import type { MeterModel } from "@energsys/metering/models";
import type { EpochMs } from "@energsys/protocols";
import type { DateTimeRules } from "@energsys/protocols/dlms";
import { type ZoneOffset, zoneOffset } from "@energsys/protocols/iec62056-21";

const known = new Map<string, ZoneOffset>();

/** Offset of a wall clock in a zone, computed once per zone. */
export function deviceOffset(zone: string): ZoneOffset {
  let offset = known.get(zone);
  if (!offset) {
    offset = zoneOffset(zone);
    known.set(zone, offset);
  }
  return offset;
}

/** Local minus UTC in minutes at an instant, and whether that is daylight saving. */
export function offsetAt(ms: EpochMs, zone: string): { minutes: number; daylight: boolean } {
  const here = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const minutes = here.offsetNanoseconds / 6e10;
  const winter = Math.min(...[1, 7].map((month) => here.with({ month, day: 1 }).offsetNanoseconds / 6e10));
  return { minutes, daylight: minutes > winter };
}

/** How a meter's date-times become instants: the sign of its deviation, and the zone of stamps without one. */
export function dateTimeRules(model: MeterModel, zone: string): DateTimeRules {
  const offset = deviceOffset(zone);
  return {
    deviationSign: model.quirks.deviationSign?.value === "local" ? "turned" : "standard",
    zone: (local, dst) =>
      offset(local, dst === undefined ? undefined : dst ? "daylight" : "standard") / 60_000,
  };
}
