import {
  findEventName,
  kindOfColumn,
  type MeterModel,
  meterModels,
  recogniseModel,
} from "@energsys/metering/models";
import { findObis } from "@energsys/protocols";
import { expect, test } from "vitest";

test.each(Object.entries(meterModels) as [string, MeterModel][])(
  "%s is a whole and consistent description",
  (name, model) => {
    expect(model.name).toBe(name);
    const codes = [
      ...model.identity.cosem,
      ...(model.registers === "all" ? [] : model.registers.map((register) => register.obis)),
      ...model.profiles.flatMap((profile) => [profile.obis, ...profile.columns.map((column) => column.obis)]),
      ...model.eventLogs.map((log) => log.obis),
    ];
    for (const code of codes) expect(findObis(code), code).toBe(code);
    for (const address of model.identity.readout) expect(findObis(address) ?? address).not.toBe("");
    for (const profile of model.profiles) expect(86_400 % profile.periodSeconds).toBe(0);
    for (const column of model.profiles.flatMap((profile) => profile.columns)) {
      expect(kindOfColumn(column.obis)).toBe(column.kind);
    }
    for (const quirk of Object.values(model.quirks)) expect(quirk.reason.length).toBeGreaterThan(20);
    expect(model.proof.length).toBeGreaterThan(0);
  },
);

test.each([
  ["iec62056-21", { manufacturer: "ISK", identification: "ME162-0033" }, "iskra-me162"],
  ["p1", { manufacturer: "ISk", identification: "MT382-1000" }, "iskra-mt382"],
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMF100AC.M26" }, "landis-gyr-zmf100"],
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMF100AC.M27" }, "landis-gyr-e350"],
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMD120APt.G03" }, "generic-iec62056-21"],
  ["iec62056-21", { manufacturer: "EMH", identification: "ME162-0033" }, "generic-iec62056-21"],
  ["dlms", { logicalDeviceName: "ENS0000000000017" }, "energsys-virtual-dlms"],
  ["dlms", { logicalDeviceName: "GRX0000000123456" }, "generic-dlms"],
  ["iec62056-21", { manufacturer: "ENS", identification: "ESV-IEC" }, "energsys-virtual-iec"],
] as const)("a device that speaks %s and says %o is taken for %s", (protocol, words, name) => {
  expect(recogniseModel(protocol, words).name).toBe(name);
});

test.each([
  ["1-0:1.8.0*255", "index"],
  ["1-0:1.29.0*255", "delta"],
  ["1-0:1.5.0*255", "demand"],
  ["1-0:32.7.0*255", "instant"],
  ["0-0:96.11.0*255", "instant"],
])("a captured %s is of kind %s", (obis, kind) => {
  expect(kindOfColumn(obis)).toBe(kind);
});

test.each([
  ["idis:40", "terminal-cover-removed"],
  ["dutch-smr:48", "module-cover-opened"],
  ["vdew:128", "power-down"],
  ["system:identity.duplicate", "identity-duplicate"],
  ["idis:999", undefined],
  ["idis:toString", undefined],
  ["nobody:1", undefined],
])("event %s is named %s", (code, name) => {
  expect(findEventName(code)).toBe(name);
});
