import { data } from "@energsys/protocols/dlms";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import type { Answer, CosemObject } from "./cosem-object.ts";
import { dateTimeBytes } from "./date-time.ts";
import { loadProfileColumns } from "./profile-buffer.ts";
import { buildProfiles } from "./profiles.ts";
import { octets, octetText, scalerUnit, type unitNumber } from "./values.ts";

/** What a meter claims to be on a line; its own identity unless it lies. */
export interface Claim {
  readonly serial: string;
  readonly identity: string;
}

/**
 * The object model of the virtual DLMS meter, as its maker would describe it. It is a reading of the standard on its own:
 * no head-end's model of this meter is looked at.
 */
export function buildObjects(meter: VirtualMeter, claim: Claim): CosemObject[] {
  const { description } = meter;
  const now = () => meter.now();
  const registers = () => meter.registersAt(now());
  const instant = () => meter.instant();
  const objects: CosemObject[] = [
    clock(meter),
    plain("0-0:42.0.0*255", () => octetText(claim.identity), true),
    plain("0-0:96.1.0*255", () => octetText(claim.serial), true),
    plain("1-0:0.2.0*255", () => octetText("ESV-1.0")),
    plain("0-0:96.10.1*255", () => data.uint8(0)),
    energy("1-0:1.8.0*255", "Wh", () => registers().importWh),
    energy("1-0:1.8.1*255", "Wh", () => registers().rate1Wh),
    energy("1-0:1.8.2*255", "Wh", () => registers().rate2Wh),
    energy("1-0:2.8.0*255", "Wh", () => registers().exportWh),
    energy("1-0:3.8.0*255", "varh", () => registers().importVarh),
    energy("1-0:4.8.0*255", "varh", () => registers().exportVarh),
    energy("1-0:1.7.0*255", "W", () => instant().importW),
    energy("1-0:2.7.0*255", "W", () => instant().exportW),
    small("1-0:13.7.0*255", -3, "none", () => instant().powerFactor),
    small("1-0:14.7.0*255", -2, "Hz", () => instant().frequencyHz),
  ];
  for (let phase = 0; phase < description.phases; phase++) {
    const c = 31 + phase * 20;
    objects.push(small(`1-0:${c + 1}.7.0*255`, -1, "V", () => instant().volts[phase] ?? 0));
    objects.push(small(`1-0:${c}.7.0*255`, -2, "A", () => instant().amps[phase] ?? 0));
  }
  if (description.currentRatio) {
    const { primaryA, secondaryA } = description.currentRatio;
    objects.push(plain("1-0:0.4.2*255", () => data.uint16(primaryA)));
    objects.push(plain("1-0:0.4.5*255", () => data.uint16(secondaryA)));
  }
  for (const column of loadProfileColumns(meter)) {
    if (objects.some((object) => object.obis === column.obis) || column.kind !== "value") continue;
    objects.push(
      energy(column.obis, "Wh", () => {
        const { lastEndMs } = meter.profileWindow();
        const rows = meter.profileRows(lastEndMs, lastEndMs);
        return rows.endsMs.length > 0 ? (column.of?.(rows, 0) ?? 0) : 0;
      }),
    );
  }
  return [...objects, ...buildProfiles(meter)];
}

const plain = (obis: string, value: () => Answer, open = false): CosemObject => ({
  classId: 1,
  version: 0,
  obis,
  open,
  attributes: { 2: value },
});

const energy = (obis: string, unit: keyof typeof unitNumber, value: () => number): CosemObject => ({
  classId: 3,
  version: 0,
  obis,
  open: false,
  attributes: { 2: () => data.uint32(value()), 3: () => scalerUnit(0, unit) },
});

const small = (
  obis: string,
  scaler: number,
  unit: keyof typeof unitNumber,
  value: () => number,
): CosemObject => ({
  classId: 3,
  version: 0,
  obis,
  open: false,
  attributes: {
    2: () => data.uint16(Math.round(value() * 10 ** -scaler)),
    3: () => scalerUnit(scaler, unit),
  },
});

function clock(meter: VirtualMeter): CosemObject {
  const follows = meter.description.followsSummerTime;
  // Last Sunday of the month, 03:00 or 04:00 of the local time before the change; deviation not specified.
  const change = (month: number, hour: number) =>
    octets(Uint8Array.of(0xff, 0xff, month, 0xfe, 7, hour, 0, 0, 0, 0x80, 0, 0));
  return {
    classId: 8,
    version: 0,
    obis: "0-0:1.0.0*255",
    open: true,
    attributes: {
      2: () => octets(dateTimeBytes(meter.local(meter.now()))),
      3: () => data.int16(-meter.standardMinutes),
      4: () => data.uint8(meter.local(meter.now()).summer ? 0x80 : 0),
      5: () => change(3, 3),
      6: () => change(10, 4),
      7: () => data.int8(60),
      8: () => data.boolean(follows),
      9: () => data.enum(1),
    },
  };
}
