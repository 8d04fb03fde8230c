import { quality } from "@energsys/metering";
import {
  findEventName,
  kindOfColumn,
  type MeterModel,
  meterModels,
  qualityOfStatus,
  recogniseModel,
  type StatusBit,
  statusTables,
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
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMF100AC.M26" }, "landis-gyr-e350"],
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMF100AC.M27" }, "landis-gyr-e350"],
  ["iec62056-21", { manufacturer: "LGZ", identification: "ZMD120APt.G03" }, "landis-gyr-zmd120"],
  ["iec62056-21", { manufacturer: "EMH", identification: "ME162-0033" }, "generic-iec62056-21"],
  ["dlms", { logicalDeviceName: "ENS0000000000017" }, "energsys-virtual-dlms"],
  ["dlms", { logicalDeviceName: "GRX0000000123456" }, "generic-dlms"],
  ["iec62056-21", { manufacturer: "ENS", identification: "ESV-IEC" }, "energsys-virtual-iec"],
  ["dlms", { listName: "KFM_001", product: "MA304H3E" }, "kaifa-ma304"],
  ["dlms", { listName: "KFM_001", product: "MA105H2E" }, "kaifa-ma304"],
  ["dlms", { titleMaker: "KFM" }, "kaifa-ma110"],
  ["dlms", { titleMaker: "XYZ", listName: "KFM_001" }, "kaifa-ma304"],
  ["dlms", { listName: "EMBRIQ_V1_1", product: "XYZ" }, "generic-dlms"],
  ["p1", { titleMaker: "LGZ" }, "generic-iec62056-21"],
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

test.each([
  ["vdew", 0x00, 0],
  ["vdew", 0xa8, quality.powerDown | quality.clockAdjusted | quality.daylightSaving],
  ["vdew", 0x47, quality.powerUp | quality.notValid | quality.clockInvalid | quality.criticalError],
  ["vdew", 0x10, 0],
  ["emh-lzqj", 0x80_00_01_80, quality.powerDown],
  ["emh-lzqj", 0x8000, quality.clockAdjusted],
  ["metcom", 0x08, quality.daylightSaving],
  ["idis", 0xff, 0xaf],
  ["dutch-smr", 0x40, 0],
  ["idis", 0x1_0000_0000, 0],
] as const)("status of table %s, bits %i, makes quality %i", (table, status, flags) => {
  expect(qualityOfStatus(table, status)).toBe(flags);
});

test("every bit of every status table is a bit, once, with a meaning", () => {
  for (const table of Object.values(statusTables) as readonly (readonly StatusBit[])[]) {
    const bits = table.map(({ bit }) => bit);
    expect(new Set(bits).size).toBe(bits.length);
    for (const { bit, means } of table) {
      expect(Number.isInteger(Math.log2(bit))).toBe(true);
      expect(means).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
  }
});
