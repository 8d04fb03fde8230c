import type { RegisterReading } from "@energsys/metering";
import type { ObisCode } from "@energsys/protocols";
import { findScalerUnit, formatQuantity, scalerAttribute } from "@energsys/protocols/cosem";
import type { DlmsSession } from "./dlms.ts";

/** A register to read: its class tells where value and scaler stand. */
export interface RegisterReference {
  readonly obis: ObisCode;
  readonly classId: number;
}

const registerClasses = new Set([3, 4, 5]);
const registersMax = 200;

/** The registers that are asked for; `all` is every register of electricity that the meter lists. */
export async function registersOf(
  dlms: DlmsSession,
  wanted: true | readonly ObisCode[],
): Promise<RegisterReference[]> {
  const { registers } = dlms.session.model;
  if (wanted !== true) {
    const known = new Map((await dlms.objects()).map((object) => [object.obis, object.classId]));
    // What an association lists is all that it has: a known server breaks when a list asks for anything else.
    const there = known.size === 0 ? wanted : wanted.filter((obis) => known.has(obis));
    for (const obis of wanted) if (!there.includes(obis)) dlms.session.lacks(obis, "not in the object list");
    return there.map((obis) => ({ obis, classId: known.get(obis) ?? 3 }));
  }
  if (registers !== "all") return registers.map(({ obis, classId }) => ({ obis, classId: classId ?? 3 }));
  const objects = await dlms.objects();
  return objects
    .filter(({ classId, obis }) => registerClasses.has(classId) && obis.startsWith("1-"))
    .slice(0, registersMax)
    .map(({ obis, classId }) => ({ obis, classId }));
}

/** Reads registers with their scalers; what the meter does not have is left out, since models list more than each has. */
export async function readRegisters(
  dlms: DlmsSession,
  registers: readonly RegisterReference[],
): Promise<RegisterReading[]> {
  const { session, client } = dlms;
  const readings: RegisterReading[] = [];
  // In parts, so that a cancel is heard in between.
  for (let at = 0; at < registers.length; at += 8) {
    session.check();
    const part = registers.slice(at, at + 8);
    const atMs = session.now();
    const results = await client.getList(
      part.flatMap(({ obis, classId }) => {
        const scaler = scalerAttribute(classId);
        const value = { classId, obis, attribute: 2 };
        return scaler === undefined ? [value] : [value, { classId, obis, attribute: scaler }];
      }),
    );
    let next = 0;
    for (const { obis, classId } of part) {
      const value = results[next++];
      const scaler = scalerAttribute(classId) === undefined ? undefined : results[next++];
      if (!value?.ok) {
        if (session.request.registers !== true) {
          session.lacks(obis, value?.dataAccessResult ?? "no answer");
        }
        continue;
      }
      const unit = scaler?.ok ? findScalerUnit(scaler.data) : undefined;
      const text = formatQuantity(value.data, unit?.scaler ?? 0);
      if (text === undefined) {
        session.warn(`register.text: ${obis} is no number`);
        continue;
      }
      readings.push({ obis, measuredAtMs: atMs, value: text, unit: unit?.unit ?? "", flags: 0 });
    }
  }
  return readings;
}
