import { data } from "@energsys/protocols/dlms";
import { activityCalendar, specialDays } from "../cosem/activity-calendar.ts";
import { associationLn, sapAssignment } from "../cosem/association-ln.ts";
import { associationSn } from "../cosem/association-sn.ts";
import { clock } from "../cosem/clock.ts";
import { disconnectControl } from "../cosem/disconnect-control.ts";
import { imageTransfer } from "../cosem/image-transfer.ts";
import { limiter } from "../cosem/limiter.ts";
import { energy, plain, small } from "../cosem/plain.ts";
import { pushSetup } from "../cosem/push-setup.ts";
import { schedules, scriptTables } from "../cosem/scripts.ts";
import { invocationCounter, securitySetup } from "../cosem/security-setup.ts";
import { hdlcSetup, localPort, tcpUdpSetup } from "../cosem/setups.ts";
import type { MeterDescription } from "../meter/description.ts";
import type { Registers } from "../meter/virtual-meter.ts";
import type { CosemObject } from "./cosem-object.ts";
import { oneLog, severalLogs } from "./event-logs.ts";
import { loadProfileColumns } from "./profile-buffer.ts";
import { dailyProfile, eventLogObjects, loadProfile } from "./profiles.ts";
import { nameObjects, type ShortNames } from "./short-names.ts";
import { octetText } from "./values.ts";

/** The objects of meters of one shape: all of them, and what the public client sees. */
export interface ObjectModel {
  readonly all: readonly CosemObject[];
  readonly open: readonly CosemObject[];
  readonly byName: ReadonlyMap<string, CosemObject>;
  /** Of a meter of short names: where everything stands. */
  readonly short?: ShortNames;
}

const isShort = ({ kind }: MeterDescription): boolean => kind === "dlms-sn";

const models = new Map<string, ObjectModel>();

/**
 * The object model of a virtual DLMS meter, as its maker would describe it: one for all meters of a shape. It is a
 * reading of the standard on its own: no head-end's model of this meter is looked at.
 */
export function objectModelOf(description: MeterDescription): ObjectModel {
  const { phases, currentRatio, profile, relayMode, security } = description;
  const shape = [
    phases,
    currentRatio !== undefined,
    profile.columns,
    isShort(description),
    relayMode !== undefined,
    security !== undefined,
  ].join();
  let model = models.get(shape);
  if (!model) {
    const all = buildObjects(description);
    model = {
      all,
      open: all.filter(({ open }) => open),
      byName: new Map(all.map((object) => [object.obis, object])),
      ...(isShort(description) && { short: nameObjects(all) }),
    };
    models.set(shape, model);
  }
  return model;
}

const register =
  (name: keyof Registers) =>
  ({
    device: { meter },
  }: {
    device: { meter: { registersNow(): Registers; shown(counted: number): number } };
  }) =>
    meter.shown(meter.registersNow()[name]);

function buildObjects(description: MeterDescription): CosemObject[] {
  const { phases, currentRatio, profile, relayMode, security } = description;
  const objects: CosemObject[] = [
    isShort(description) ? associationSn : associationLn,
    clock,
    plain("0-0:42.0.0*255", ({ device }) => octetText(device.claim.identity), true),
    plain("0-0:96.1.0*255", ({ device }) => octetText(device.claim.serial), true),
    plain("1-0:0.2.0*255", ({ device }) => octetText(device.firmware)),
    plain("0-0:96.10.1*255", () => data.uint8(0)),
    energy("1-0:1.8.0*255", "Wh", register("importWh")),
    energy("1-0:1.8.1*255", "Wh", register("rate1Wh")),
    energy("1-0:1.8.2*255", "Wh", register("rate2Wh")),
    energy("1-0:2.8.0*255", "Wh", register("exportWh")),
    energy("1-0:3.8.0*255", "varh", register("importVarh")),
    energy("1-0:4.8.0*255", "varh", register("exportVarh")),
    energy("1-0:1.7.0*255", "W", ({ device }) => device.meter.instant().importW),
    energy("1-0:2.7.0*255", "W", ({ device }) => device.meter.instant().exportW),
    small("1-0:13.7.0*255", -3, "none", ({ device }) => device.meter.instant().powerFactor),
    small("1-0:14.7.0*255", -2, "Hz", ({ device }) => device.meter.instant().frequencyHz),
  ];
  for (let phase = 0; phase < phases; phase++) {
    const c = 31 + phase * 20;
    objects.push(
      small(`1-0:${c + 1}.7.0*255`, -1, "V", ({ device }) => device.meter.instant().volts[phase] ?? 0),
      small(`1-0:${c}.7.0*255`, -2, "A", ({ device }) => device.meter.instant().amps[phase] ?? 0),
    );
  }
  if (currentRatio) {
    objects.push(
      plain("1-0:0.4.2*255", ({ device }) =>
        data.uint16(device.meter.description.currentRatio?.primaryA ?? 0),
      ),
      plain("1-0:0.4.5*255", ({ device }) =>
        data.uint16(device.meter.description.currentRatio?.secondaryA ?? 0),
      ),
    );
  }
  for (const column of loadProfileColumns(profile.columns)) {
    if (objects.some((object) => object.obis === column.obis) || column.kind !== "value") continue;
    objects.push(
      energy(column.obis, "Wh", ({ device: { meter } }) => {
        const { lastEndMs } = meter.profileWindow();
        const rows = meter.profileRows(lastEndMs, lastEndMs);
        return rows.endsMs.length > 0 ? (column.of?.(rows, 0) ?? 0) : 0;
      }),
    );
  }
  objects.push(loadProfile(profile.columns), dailyProfile());
  for (const log of security ? severalLogs : oneLog) objects.push(...eventLogObjects(log));
  if (relayMode !== undefined) objects.push(disconnectControl);
  if (security || isShort(description)) {
    objects.push(
      activityCalendar,
      specialDays,
      ...(relayMode === undefined ? [] : [limiter]),
      imageTransfer,
      ...scriptTables,
      ...schedules,
      pushSetup,
      localPort,
      hdlcSetup,
      tcpUdpSetup,
    );
  }
  if (security) objects.push(securitySetup, invocationCounter);
  objects.push(sapAssignment);
  return objects;
}
