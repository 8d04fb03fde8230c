import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findObis, type ObisCode } from "@energsys/protocols";
import {
  attributeName,
  type CosemObject,
  cosemClasses,
  decodeObjectList,
  describeObis,
  findCosemClass,
  methodName,
  nameObis,
  objectTree,
} from "@energsys/protocols/cosem";
import { DlmsClient } from "@energsys/protocols/dlms";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import { ManualClock, replay } from "../dlms/support.ts";

test.each([
  ["1-0:1.8.0*255", "active energy import (+A)", "energie activă consumată (+A)"],
  ["1-0:2.8.2*255", "active energy export (-A), tariff 2", "energie activă livrată (-A), tarif 2"],
  ["1-0:41.8.0*255", "active energy import (+A), L2", "energie activă consumată (+A), L2"],
  ["1-0:1.29.0*255", "active energy import (+A), per interval", "energie activă consumată (+A), pe interval"],
  ["1-0:1.6.0*255", "active power import (+A), maximum", "putere activă consumată (+A), maxim"],
  [
    "1-0:1.16.1*255",
    "active power import (+A), maximum, period 2, tariff 1",
    "putere activă consumată (+A), maxim, perioada 2, tarif 1",
  ],
  ["1-0:72.7.0*255", "voltage, L3, instantaneous", "tensiune, L3, valoare instantanee"],
  ["1-0:14.7.0*255", "frequency, instantaneous", "frecvență, valoare instantanee"],
  ["1-0:91.7.0*255", "neutral current, instantaneous", "curent de nul, valoare instantanee"],
  ["1-0:32.32.0*255", "voltage, L1, times under the limit", "tensiune, L1, numărul scăderilor sub limită"],
  [
    "1-0:1.8.0*3",
    "active energy import (+A), billing period 3",
    "energie activă consumată (+A), perioada de facturare 3",
  ],
  ["0-0:1.0.0*255", "clock", "ceas"],
  ["0-0:43.1.4*255", "invocation counter", "contor de invocare"],
  ["0-2:24.2.1*255", "M-Bus value", "valoare M-Bus"],
  ["1-0:99.1.0*255", "load profile 1", "curbă de sarcină 1"],
  ["0-0:96.3.10*255", "disconnect control", "comandă de deconectare"],
] as const)("%s reads as %s, in Romanian %s", (obis, english, romanian) => {
  expect(nameObis(obis)).toBe(english);
  expect(nameObis(obis, "ro")).toBe(romanian);
});

test.each([
  [
    "1-0:200.8.0*255",
    "electricity, code of the maker 200.8.0",
    "energie electrică, cod al producătorului 200.8.0",
  ],
  ["7-2:3.1.0*255", "gas, channel 2, 3.1.0", "gaz, canal 2, 3.1.0"],
  [
    "1-0:1.99.0*3",
    "electricity, 1.99.0, billing period 3",
    "energie electrică, 1.99.0, perioada de facturare 3",
  ],
  ["0-0:77.1.0*255", "abstract object, 77.1.0", "obiect abstract, 77.1.0"],
] as const)("%s has no name, none is made up, and it is told all the same: %s", (obis, english, romanian) => {
  expect(nameObis(obis)).toBeUndefined();
  expect(describeObis(obis)).toBe(english);
  expect(describeObis(obis, "ro")).toBe(romanian);
});

// Codes of the object lists of the public servers in C and Java, and of captured telegrams, that are no measured quantities.
test.each(
  `0-0:1.1.0 0-0:14.0.1 0-0:16.1.0 0-0:18.0.0 0-0:19.0.0 0-0:24.8.0 0-0:24.9.0 0-0:25.10.0 0-0:25.11.0 0-0:29.0.0 0-0:29.1.0
   0-0:29.2.0 0-0:66.0.1 0-1:10.1.101 0-1:24.4.0 0-0:96.13.0 0-0:96.5.0 1-0:0.0.0 1-0:0.1.2 1-0:0.2.2 1-0:0.3.3 1-0:0.9.1
   1-0:82.8.1 1-0:94.32.1 1-0:96.5.5 1-1:0.0.5 1-1:0.2.129 1-3:0.2.8 1-0:1.26.0 1-0:1.16.0`.split(/\s+/),
)("%s of a peer or a capture has a name in both languages", (code) => {
  const obis = findObis(code) as ObisCode;
  expect(nameObis(obis)?.length).toBeGreaterThan(2);
  expect(nameObis(obis, "ro")?.length).toBeGreaterThan(2);
});

test("the classes of the standard's tables are known by id, attribute and method", () => {
  const ids = cosemClasses.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
  for (const id of [
    10, 11, 12, 19, 21, 22, 25, 26, 27, 28, 29, 30, 42, 43, 44, 45, 46, 47, 48, 61, 62, 63, 65, 68, 72, 77,
    111, 112, 113, 115, 122, 123, 124, 24, 50, 51, 52, 53, 56, 57, 58, 59, 74, 76, 80, 81, 82, 83, 84, 85, 86,
    90, 91, 92, 100, 116, 151, 152, 153,
  ]) {
    expect([id, findCosemClass(id)?.attributes[0]]).toEqual([id, "logical_name"]);
  }
  expect(attributeName(47, 6)).toBe("cell_info");
  expect(attributeName(72, 14)).toBe("encryption_key_status");
  expect(attributeName(42, 10)).toBe("secondary_DNS_address");
  expect(attributeName(40, 13)).toBe("last_confirmation_date_time");
  expect(attributeName(111, 19)).toBe("max_provision_period");
  expect(attributeName(112, 11)).toBe("period");
  expect(attributeName(113, 13)).toBe("proportion");
  expect(attributeName(124, 10)).toBe("cumulative_failed_attempts");
  expect(methodName(113, 5)).toBe("set_total_amount_remaining");
  expect(methodName(123, 5)).toBe("remove_entries");
  expect(methodName(12, 8)).toBe("reply_to_HLS_authentication");
  expect(methodName(64, 8)).toBe("remove_certificate");
  expect(methodName(72, 8)).toBe("transfer_key");
});

test("the object list of a recorded meter is a tree in which nothing is lost and all is named", async () => {
  const file = join(import.meta.dirname, "../fixtures/dlms/own-wrapper-low.json");
  const { stream } = replay(JSON.parse(readFileSync(file, "utf8")).steps);
  const link = new WrapperLink(stream, new ManualClock(), { client: 17, server: 1, responseTimeoutMs: 1000 });
  const meter = await DlmsClient.associate(link, { authentication: { kind: "low", password: "54509873" } });
  const list = await meter.get({ classId: 15, obis: "0-0:40.0.0*255", attribute: 2 });
  const objects: CosemObject[] = list.ok ? decodeObjectList(list.data) : [];
  const tree = objectTree(objects, "ro");
  expect(tree.flatMap((group) => group.objects)).toHaveLength(objects.length);
  expect(tree.map(({ title }) => title)).toEqual(expect.arrayContaining(["Energie", "Curbe și jurnale"]));
  const energy = tree.find(({ group }) => group === "energy")?.objects ?? [];
  expect(energy.map(({ name }) => name)).toContain("energie activă consumată (+A)");
  const unnamed = tree.flatMap((group) => group.objects).filter(({ obis }) => !nameObis(obis));
  expect(unnamed).toEqual([]);
});
