import type { MeterModel } from "@energsys/metering/models";
import type { EpochMs, ObisCode } from "@energsys/protocols";
import { entrySelection, rangeSelection } from "@energsys/protocols/cosem";
import {
  type DateTime,
  dateTimeOf,
  integerOf,
  type RawGetResult,
  type Selection,
} from "@energsys/protocols/dlms";
import type { DlmsSession } from "./dlms.ts";
import { DriverError } from "./errors.ts";
import { offsetAt } from "./zone.ts";

/** A bound of a range, in the wall time of the meter's zone and with its deviation in the meter's own sign. */
function bound(ms: EpochMs, zone: string, model: MeterModel): DateTime {
  const { minutes, daylight } = offsetAt(ms, zone);
  const value = dateTimeOf(ms, minutes, daylight ? 0x80 : 0);
  return model.quirks.deviationSign?.value === "local" && value.deviationMinutes !== undefined
    ? { ...value, deviationMinutes: -value.deviationMinutes }
    : value;
}

/**
 * The rows of a profile whose stamps lie in [fromMs, toMs], as the bytes of the buffer: by range; by entries where the meter
 * refuses ranges; whole where it can neither. Rows outside may come along.
 * @throws DriverError `read.profile-refused` with the data access result
 */
export async function readBuffer(
  dlms: DlmsSession,
  obis: ObisCode,
  range: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  periodSeconds: number | undefined,
): Promise<Uint8Array> {
  const { session } = dlms;
  const quirk = session.model.quirks.selectiveAccess?.value;
  const selective = dlms.selective && quirk !== "none";
  let refused = "";
  if (selective && quirk !== "entry") {
    const answer = await ask(
      dlms,
      obis,
      rangeSelection({
        from: bound(range.fromMs, session.zone, session.model),
        to: bound(range.toMs, session.zone, session.model),
      }),
    );
    if (answer.ok) return answer.bytes;
    refused = answer.dataAccessResult;
  }
  if (selective && periodSeconds) {
    const selection = await newestEntries(dlms, obis, range.fromMs, periodSeconds);
    const answer = selection && (await ask(dlms, obis, selection));
    if (answer?.ok) return answer.bytes;
    if (answer) refused = answer.dataAccessResult;
  }
  if (!selective) {
    const answer = await ask(dlms, obis);
    if (answer.ok) return answer.bytes;
    refused = answer.dataAccessResult;
  }
  throw new DriverError("read.profile-refused", `${obis}: ${refused}`);
}

/** The rows from one place to another, counted from the oldest. @throws DriverError `read.profile-refused` */
export async function readEntries(
  dlms: DlmsSession,
  obis: ObisCode,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Uint8Array> {
  const answer = await ask(dlms, obis, entrySelection({ fromEntry: from, toEntry: to }));
  if (!answer.ok) throw new DriverError("read.profile-refused", `${obis}: ${answer.dataAccessResult}`);
  return answer.bytes;
}

function ask(dlms: DlmsSession, obis: ObisCode, selection?: Selection): Promise<RawGetResult> {
  dlms.session.check();
  return dlms.client.getRaw({ classId: 7, obis, attribute: 2 }, selection);
}

/** Entries count from the oldest: as many of the newest as periods have passed since then, and some for clock changes. */
async function newestEntries(
  dlms: DlmsSession,
  obis: ObisCode,
  fromMs: EpochMs,
  periodSeconds: number,
): Promise<Selection | undefined> {
  const inUse = await dlms.find(7, obis, 7);
  const entries = inUse && integerOf(inUse);
  if (entries === undefined) return undefined;
  const periods = Math.ceil((dlms.session.now() - fromMs) / (periodSeconds * 1000)) + 8;
  const count = Math.min(Number(entries), periods, dlms.session.limits.attemptRows);
  return entrySelection({ fromEntry: Math.max(1, Number(entries) - count + 1), toEntry: 0 });
}
