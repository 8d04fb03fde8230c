import { type DataValue, data } from "@energsys/protocols/dlms";
import type { CosemObject } from "../dlms/cosem-object.ts";
import { scalerUnit, type unitNumber } from "../dlms/values.ts";
import type { Visit } from "../dlms/visit.ts";

type Unit = keyof typeof unitNumber;

export const plain = (obis: string, value: (visit: Visit) => DataValue, open = false): CosemObject => ({
  classId: 1,
  version: 0,
  obis,
  open,
  attributes: { 2: value },
});

export const energy = (obis: string, unit: Unit, value: (visit: Visit) => number): CosemObject => ({
  classId: 3,
  version: 0,
  obis,
  attributes: { 2: (visit) => data.uint32(value(visit)), 3: () => scalerUnit(0, unit) },
});

/** A value of 16 bits with a scaler; primary values of a balance meter take 32. */
export const small = (
  obis: string,
  scaler: number,
  unit: Unit,
  value: (visit: Visit) => number,
): CosemObject => ({
  classId: 3,
  version: 0,
  obis,
  attributes: {
    2: (visit) => {
      const scaled = Math.round(value(visit) * 10 ** -scaler);
      // Primary values of a balance meter do not fit in two bytes.
      return scaled > 0xffff ? data.uint32(scaled) : data.uint16(scaled);
    },
    3: () => scalerUnit(scaler, unit),
  },
});
