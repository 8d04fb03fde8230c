import type { EpochMs } from "@energsys/protocols";
import { clockStatus, dateTimeOf, encodeDateTime } from "@energsys/protocols/dlms";

/** Local time of one zone; offsets change at quarter-hours at the earliest, so each is looked up once. */
export class LocalTime {
  readonly zone: string;
  #from = Number.NaN;
  #minutes = 0;
  #daylight = false;

  constructor(zone: string) {
    this.zone = zone;
  }

  /** Local minus UTC, and whether that is summer time. */
  at(ms: EpochMs): { readonly minutes: number; readonly daylight: boolean } {
    const from = Math.floor(ms / 900_000);
    if (from !== this.#from) {
      const here = Temporal.Instant.fromEpochMilliseconds(from * 900_000).toZonedDateTimeISO(this.zone);
      const winter = Math.min(
        ...[1, 7].map((month) => here.with({ month, day: 1 }).offsetNanoseconds / 6e10),
      );
      this.#from = from;
      this.#minutes = here.offsetNanoseconds / 6e10;
      this.#daylight = this.#minutes > winter;
    }
    return { minutes: this.#minutes, daylight: this.#daylight };
  }

  /** COSEM date-time of an instant, with deviation from UTC: 12 bytes. `doubtful` says that the clock was not reliable. */
  dateTime(ms: EpochMs, doubtful = false): Uint8Array<ArrayBuffer> {
    const { minutes, daylight } = this.at(ms);
    const status = (daylight ? clockStatus.dst : 0) | (doubtful ? clockStatus.doubtful : 0);
    return encodeDateTime(dateTimeOf(ms, minutes, status));
  }

  /** Date `YYMMDD` and time of day `hhmmss`, each with the digit of the season before it, as meters of IEC 62056-21 take them. */
  zonedStamp(ms: EpochMs): { readonly date: string; readonly time: string } {
    const digits = this.moduleStamp(ms);
    const season = digits.endsWith("S") ? "1" : "0";
    return { date: `${season}${digits.slice(0, 6)}`, time: `${season}${digits.slice(6, 12)}` };
  }

  /** `YYMMDDhhmmss` and `W` or `S`, as modules stamp (docs/protocols/module-concentrator.md). */
  moduleStamp(ms: EpochMs): string {
    const { minutes, daylight } = this.at(ms);
    const digits = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms / 1000) * 1000 + minutes * 60_000)
      .toString()
      .replace(/[^0-9]/g, "");
    return `${digits.slice(2, 14)}${daylight ? "S" : "W"}`;
  }
}
