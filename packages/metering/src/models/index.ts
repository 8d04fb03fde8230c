import { energsysVirtualDlms } from "./energsys-virtual-dlms.ts";
import { energsysVirtualIec } from "./energsys-virtual-iec.ts";
import { genericDlms } from "./generic-dlms.ts";
import { genericIec } from "./generic-iec62056-21.ts";
import { iskraMe162 } from "./iskra-me162.ts";
import { iskraMt382 } from "./iskra-mt382.ts";
import { landisGyrE350 } from "./landis-gyr-e350.ts";
import { landisGyrZmf100 } from "./landis-gyr-zmf100.ts";
import type { MeterModel, Protocol } from "./model.ts";

export * from "./column-kind.ts";
export * from "./event-tables.ts";
export type * from "./model.ts";

/** Every meter model, by the name that `meter.model` and `device.model` hold. A new model is a file and a line here. */
export const meterModels = {
  "iskra-me162": iskraMe162,
  "iskra-mt382": iskraMt382,
  "landis-gyr-e350": landisGyrE350,
  "landis-gyr-zmf100": landisGyrZmf100,
  "energsys-virtual-dlms": energsysVirtualDlms,
  "energsys-virtual-iec": energsysVirtualIec,
  "generic-dlms": genericDlms,
  "generic-iec62056-21": genericIec,
} as const satisfies Readonly<Record<string, MeterModel>>;

export type MeterModelName = keyof typeof meterModels;

/** The model of that name, or `undefined`. */
export function findMeterModel(name: string): MeterModel | undefined {
  return Object.hasOwn(meterModels, name) ? meterModels[name as MeterModelName] : undefined;
}

/** What answers to a protocol when nothing more is known. */
export function genericModel(protocol: Protocol): MeterModel {
  return protocol === "dlms" ? genericDlms : genericIec;
}

/**
 * The model that a device's own words name: the longest matching prefix wins, and without any the generic model of the
 * protocol. `manufacturer` is the FLAG code; its third letter may be lower case (short reaction time).
 */
export function recogniseModel(
  protocol: Protocol,
  words: { manufacturer?: string; identification?: string; logicalDeviceName?: string },
): MeterModel {
  let best: { model: MeterModel; length: number } | undefined;
  for (const model of Object.values(meterModels) as readonly MeterModel[]) {
    if (!model.protocols.includes(protocol)) continue;
    for (const known of model.recognition) {
      const length = matchLength(known, words);
      if (length > (best?.length ?? 0)) best = { model, length };
    }
  }
  return best?.model ?? genericModel(protocol);
}

function matchLength(
  known: MeterModel["recognition"][number],
  words: { manufacturer?: string; identification?: string; logicalDeviceName?: string },
): number {
  if (words.logicalDeviceName !== undefined && known.logicalDeviceName !== undefined) {
    return words.logicalDeviceName.startsWith(known.logicalDeviceName) ? known.logicalDeviceName.length : 0;
  }
  if (words.identification === undefined || known.identification === undefined) return 0;
  if (words.manufacturer?.toUpperCase() !== known.manufacturer) return 0;
  return words.identification.startsWith(known.identification) ? known.identification.length : 0;
}
