import { findEventName } from "@energsys/metering/models";
import { applyScaler } from "@energsys/protocols/cosem";
import type { Explanation, Telegram } from "@energsys/protocols/decode";
import type { DeviceReading } from "./device-reading.ts";
import { withoutSecrets } from "./url.ts";

/** A reading in the shape that `energsys decode` and `energsys read` print: one telegram for each part. */
export function readReport(url: string, reading: DeviceReading): { source: string } & Explanation {
  const device = {
    ...(reading.manufacturer ? { manufacturer: reading.manufacturer } : {}),
    ...(reading.identification ? { identification: reading.identification } : {}),
    ...(reading.identity ? { identity: reading.identity } : {}),
    model: reading.model.name,
  };
  const telegrams: Telegram[] = [];
  const about = { device, checks: {} };
  if (reading.clock) {
    telegrams.push({
      kind: "clock",
      ...about,
      time: instant(reading.clock.deviceMs),
      offsetMs: reading.clock.offsetMs,
    });
  }
  if (reading.objects) telegrams.push({ kind: "objects", ...about, objects: reading.objects });
  if (reading.registers.length > 0) {
    telegrams.push({
      kind: "registers",
      ...about,
      readings: reading.registers.map(({ obis, value, unit, measuredAtMs }) => ({
        obis,
        value,
        ...(unit ? { unit } : {}),
        time: instant(measuredAtMs),
      })),
    });
  }
  for (const profile of reading.profiles) {
    const endMs = profile.periodSeconds * 1000;
    telegrams.push({
      kind: "load-profile",
      ...about,
      profile: {
        obis: profile.obis,
        periodSeconds: profile.periodSeconds,
        columns: profile.columns.map(({ obis, unit, scale }) => ({ obis, unit, scaler: scale })),
        // As the meters stamp them: by the end of the interval.
        rows: Array.from(profile.startsMs, (startMs, row) => ({
          time: instant(startMs + endMs),
          status: profile.flags[row]!.toString(16).padStart(2, "0"),
          values: profile.values.map((column, index) => cell(column[row]!, profile.columns[index]!.scale)),
        })),
      },
    });
  }
  if (reading.events.length > 0) {
    telegrams.push({
      kind: "event-log",
      ...about,
      events: reading.events.map(({ atMs, code, detail }) => {
        const name = findEventName(code);
        return { time: instant(atMs), code, ...(name ? { name } : {}), ...(detail ? { detail } : {}) };
      }),
    });
  }
  return { source: withoutSecrets(url), telegrams, warnings: reading.warnings };
}

const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString();

const cell = (value: number, scale: number) => (Number.isNaN(value) ? null : applyScaler(value, scale));
