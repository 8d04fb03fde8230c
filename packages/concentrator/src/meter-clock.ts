import { DriverError, withDlms } from "@energsys/drivers";
import type { EpochMs } from "@energsys/protocols";
import {
  type DateTime,
  data,
  dateTimeOf,
  decodeDateTime,
  encodeDateTime,
  toEpochMs,
} from "@energsys/protocols/dlms";
import type { SwitchedMeter } from "./dlms-switch.ts";
import { ConcentratorError } from "./errors.ts";
import { type ProgrammedMeter, programIec } from "./iec-switch.ts";

/** By how much the clock was off, and what became of it. `error` is why the meter did not take it. */
export interface ClockOutcome {
  readonly offMs: number | undefined;
  readonly set: boolean;
  readonly error: string;
}

const right = (offMs: number | undefined): ClockOutcome => ({ offMs, set: false, error: "" });
const clockObject = { classId: 8, obis: "0-0:1.0.0*255" } as const;

/**
 * Sets the clock of a DLMS meter when it is off by more than `toleranceMs`. What is written has the deviation and the status that the
 * meter showed, so that its own way to tell local time stays.
 * @throws LinkError, DriverError `identity.mismatch`
 */
export function setDlmsClock(meter: SwitchedMeter, toleranceMs: number): Promise<ClockOutcome> {
  const { url, request, name, clock, stream, signal } = meter;
  if (url.protocol !== "dlms") throw new ConcentratorError("device.no-dlms", name);
  return withDlms(url, { ...request, clock: true }, { clock, stream, signal }, async (dlms) => {
    if (dlms.session.identification !== name)
      throw new DriverError(
        "identity.mismatch",
        `${dlms.session.identification} answers in place of ${name}`,
      );
    await dlms.readClock();
    const offMs = dlms.session.clock?.offsetMs;
    if (offMs === undefined || Math.abs(offMs) <= toleranceMs) return right(offMs);
    const shown = await dlms.find(clockObject.classId, clockObject.obis, 2);
    if (!shown || !("bytes" in shown) || shown.bytes.length !== 12) return right(undefined);
    const before = decodeDateTime(shown.bytes);
    const wallMs = wallOf(before);
    if (wallMs === undefined) return right(undefined);
    const { deviationMinutes: _, status: __, ...wall } = dateTimeOf(wallMs - offMs, 0);
    const { deviationMinutes, status } = before;
    const next: DateTime = {
      ...wall,
      ...(deviationMinutes === undefined ? {} : { deviationMinutes }),
      ...(status === undefined ? {} : { status }),
    };
    const result = await dlms.client.set({ ...clockObject, attribute: 2 }, data.octets(encodeDateTime(next)));
    return { offMs, set: result.ok, error: result.ok ? "" : result.dataAccessResult };
  });
}

/** The wall time that a date-time shows, as if it were UTC. */
const wallOf = ({ deviationMinutes: _, ...wall }: DateTime): EpochMs | undefined =>
  toEpochMs({ ...wall, deviationMinutes: 0 });

/**
 * The same for a meter of IEC 62056-21 whose model says that its clock can be written: date, then time of day.
 * @param stamp date `YYMMDD` and time of day `hhmmss` of an instant, with the digit of the season before each
 */
export function setIecClock(
  meter: ProgrammedMeter,
  toleranceMs: number,
  stamp: (ms: EpochMs) => { readonly date: string; readonly time: string },
): Promise<ClockOutcome> {
  const { model } = meter.request;
  const places = model?.programmed?.clock ? model.readoutClock : undefined;
  if (!places) return Promise.resolve(right(undefined));
  return programIec(meter, async ({ session, reader }) => {
    const offMs = session.clock?.offsetMs;
    if (offMs === undefined || Math.abs(offMs) <= toleranceMs) return right(offMs);
    const { date, time } = stamp(meter.clock.now());
    for (const [address, value] of [
      [places.date, date],
      [places.time, time],
    ] as const) {
      const outcome = await reader.write("W1", address, value);
      if (!outcome.ok) return { offMs, set: false, error: outcome.error };
    }
    return { offMs, set: true, error: "" };
  });
}
