import { actarisAce3000 } from "./actaris-ace3000.ts";
import { aidon6000 } from "./aidon-6000.ts";
import { easymeterQ3d } from "./easymeter-q3d.ts";
import { emhLzqj } from "./emh-lzqj.ts";
import { energsysVirtualDlms } from "./energsys-virtual-dlms.ts";
import { energsysVirtualIec } from "./energsys-virtual-iec.ts";
import { genericDlms } from "./generic-dlms.ts";
import { genericIec } from "./generic-iec62056-21.ts";
import { iskraAm550 } from "./iskra-am550.ts";
import { iskraMe162 } from "./iskra-me162.ts";
import { iskraMt382 } from "./iskra-mt382.ts";
import { kaifaDsmr } from "./kaifa-dsmr.ts";
import { kaifaMa110 } from "./kaifa-ma110.ts";
import { kaifaMa304 } from "./kaifa-ma304.ts";
import { kamstrupOmnipower } from "./kamstrup-omnipower.ts";
import { landisGyrE350 } from "./landis-gyr-e350.ts";
import { landisGyrE350Han } from "./landis-gyr-e350-han.ts";
import { landisGyrE350Nl } from "./landis-gyr-e350-nl.ts";
import { landisGyrE360 } from "./landis-gyr-e360.ts";
import { landisGyrE450 } from "./landis-gyr-e450.ts";
import { landisGyrZmd120 } from "./landis-gyr-zmd120.ts";
import { metcomMcs301 } from "./metcom-mcs301.ts";
import type { DeviceWords, MeterModel, Protocol, Recognition } from "./model.ts";
import { sagemcomBe } from "./sagemcom-be.ts";
import { sagemcomHu } from "./sagemcom-hu.ts";
import { sagemcomT210 } from "./sagemcom-t210.ts";
import { ziv5ctm } from "./ziv-5ctm.ts";

export * from "./alarms.ts";
export * from "./column-kind.ts";
export * from "./event-tables.ts";
export type * from "./model.ts";
export * from "./status-tables.ts";
export * from "./tampering.ts";

/** Every meter model, by the name that `meter.model` and `device.model` hold. A new model is a file and a line here. */
export const meterModels = {
  "actaris-ace3000": actarisAce3000,
  "aidon-6000": aidon6000,
  "easymeter-q3d": easymeterQ3d,
  "emh-lzqj": emhLzqj,
  "iskra-am550": iskraAm550,
  "iskra-me162": iskraMe162,
  "iskra-mt382": iskraMt382,
  "kaifa-dsmr": kaifaDsmr,
  "kaifa-ma110": kaifaMa110,
  "kaifa-ma304": kaifaMa304,
  "kamstrup-omnipower": kamstrupOmnipower,
  "landis-gyr-e350": landisGyrE350,
  "landis-gyr-e350-han": landisGyrE350Han,
  "landis-gyr-e350-nl": landisGyrE350Nl,
  "landis-gyr-e360": landisGyrE360,
  "landis-gyr-e450": landisGyrE450,
  "landis-gyr-zmd120": landisGyrZmd120,
  "metcom-mcs301": metcomMcs301,
  "sagemcom-be": sagemcomBe,
  "sagemcom-hu": sagemcomHu,
  "sagemcom-t210": sagemcomT210,
  "ziv-5ctm": ziv5ctm,
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
 * protocol.
 */
export function recogniseModel(protocol: Protocol, words: DeviceWords): MeterModel {
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

const names = ["logicalDeviceName", "listName", "product"] as const;

/** How much of the words a recognition knows; 0 where one of them contradicts it. */
function matchLength(known: Recognition, words: DeviceWords): number {
  let length = 0;
  for (const name of names) {
    const [expected, said] = [known[name], words[name]];
    if (expected === undefined || said === undefined) continue;
    if (!said.startsWith(expected)) return 0;
    length += expected.length;
  }
  if (known.byTitle && words.titleMaker === known.manufacturer) length += known.manufacturer.length;
  if (known.identification === undefined || words.identification === undefined) return length;
  if (words.manufacturer?.toUpperCase() !== known.manufacturer) return 0;
  return words.identification.startsWith(known.identification) ? length + known.identification.length : 0;
}
