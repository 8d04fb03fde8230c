import { DecodeError } from "../errors.ts";
import {
  decodeLog,
  decodeProfile,
  formatWallTime,
  type IecLog,
  type IecProfile,
  type IecProfileBlock,
  type IecTelegram,
  type ZoneOffset,
} from "../iec62056-21/index.ts";
import { findObis } from "../obis.ts";
import { findDecimal } from "./decimal.ts";
import type { EventExplanation, Explanation, ProfileExplanation, Telegram } from "./explanation.ts";
import { formatStamp, readingsOf } from "./iec-readings.ts";
import { warn } from "./warning.ts";

/** `P.01` is load profile 1 of electricity, 1-0:99.1.0*255; `P.98` the log 1-0:99.98.0*255. */
const profileObis = (address: string): string => findObis(`1-0:${address}`) ?? "1-0:99.0.0*255";

function sameStructure(a: IecProfileBlock, b: IecProfileBlock): boolean {
  return (
    a.periodSeconds === b.periodSeconds &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => {
      const other = b.columns[index];
      return column.address === other?.address && column.unit === other.unit;
    })
  );
}

function rowsOf(block: IecProfileBlock): ProfileExplanation["rows"] {
  const { stamp } = block;
  return block.rows.map((row, index) => ({
    time: formatWallTime(
      stamp.wallMs + index * block.periodSeconds * 1000,
      stamp.season && stamp.wallMs - (block.rowEndsMs[0] ?? stamp.wallMs),
    ),
    status: block.status,
    values: row.map((value) => (value === undefined ? null : (findDecimal(value) ?? value))),
  }));
}

/** Blocks of equal structure together: a new header for a day or a status does not make another profile. */
function profilesOf(profile: IecProfile): ProfileExplanation[] {
  const obis = profileObis(profile.address);
  const profiles: { first: IecProfileBlock; explained: ProfileExplanation }[] = [];
  for (const block of profile.blocks) {
    const last = profiles.at(-1);
    if (last && sameStructure(last.first, block)) {
      last.explained = { ...last.explained, rows: [...last.explained.rows, ...rowsOf(block)] };
      continue;
    }
    const columns = block.columns.map((column) => ({
      ...(column.obis && { obis: column.obis }),
      unit: column.unit,
      scaler: 0,
    }));
    const explained = { obis, periodSeconds: block.periodSeconds, columns, rows: rowsOf(block) };
    profiles.push({ first: block, explained });
  }
  return profiles.length > 0 ? profiles.map(({ explained }) => explained) : [{ obis, columns: [], rows: [] }];
}

function eventsOf(log: IecLog, offset: ZoneOffset): EventExplanation[] {
  return log.entries.map((entry) => {
    // The object 0-0:96.11.e holds a log's event code; makers number it 91.11.0 as well.
    const code = entry.columns.findIndex((column) => column.address.endsWith(".11.0"));
    return {
      time: formatStamp(entry.stamp, offset),
      status: entry.status,
      ...(code >= 0 && entry.values[code] !== undefined && { code: entry.values[code] }),
      values: entry.values,
    };
  });
}

function contentOf(
  telegram: IecTelegram,
  offset: ZoneOffset,
  askedAddress: string,
): Record<string, unknown>[] {
  if (telegram.kind === "load-profile") {
    return profilesOf(decodeProfile(telegram.dataSets, { offset })).map((profile) => ({ profile }));
  }
  if (telegram.kind === "event-log") {
    const events = eventsOf(decodeLog(telegram.dataSets, { offset }), offset);
    return [{ obis: profileObis(telegram.dataSets[0]?.address ?? ""), events }];
  }
  return [{ readings: readingsOf(telegram.dataSets, offset, askedAddress) }];
}

function warningsOf(telegram: IecTelegram): string[] {
  const { check, end, faults, offset } = telegram;
  return [
    ...(check.bcc === "bad" ? [warn("iec.bcc", offset, "the check byte does not agree")] : []),
    ...(check.crc === "bad" ? [warn("iec.crc", offset, "the CRC does not agree")] : []),
    ...(end === "cut" || end === "eot" ? [warn("iec.cut", offset, "the message has no end")] : []),
    ...faults.map((fault) => warn(fault.code, fault.offset)),
  ];
}

/** What a message says, as telegrams of the command line: one, or one for each structure of a profile. */
export function explainMessage(telegram: IecTelegram, offset: ZoneOffset, askedAddress = ""): Explanation {
  const { identification } = telegram;
  const head = {
    kind: telegram.kind,
    ...(identification && {
      device: {
        manufacturer: identification.manufacturer,
        identification: identification.identification,
        baudCharacter: identification.baudCharacter,
        ...(identification.enhanced.length > 0 && { enhanced: identification.enhanced }),
      },
    }),
    checks: telegram.check,
    ...(telegram.error !== undefined && { error: telegram.error }),
  };
  const warnings = warningsOf(telegram);
  let contents: Record<string, unknown>[];
  try {
    contents = contentOf(telegram, offset, askedAddress);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    warnings.push(warn(error.code, telegram.offset, error.message));
    contents = [{ readings: readingsOf(telegram.dataSets, offset, askedAddress) }];
  }
  return { telegrams: contents.map((content): Telegram => ({ ...head, ...content })), warnings };
}
