import { expect, test } from "vitest";
import { checkConfig } from "../src/config.ts";
import { configOf } from "./testing.ts";

test("ranges of addresses keep their leading zeros, and what is left out has its usual value", () => {
  const config = configOf({
    lines: [{ name: "a", url: "serial:/dev/ttyUSB0?baud=4800", kind: "iec", scan: ["008-011", "00012345"] }],
  });
  expect(config.lines[0]).toMatchObject({
    scan: ["008", "009", "010", "011", "00012345"],
    place: { kind: "serial", path: "/dev/ttyUSB0", baudRate: 4800 },
  });
  expect(config).toMatchObject({ zone: "Europe/Bucharest", store: { keepDays: 60 }, clockTrusted: false });
});

test("every fault of a configuration is listed at once", () => {
  const checked = checkConfig(
    {
      identity: "ENC0000000000017",
      zone: "Europe/Bucuresti",
      centre: { addresses: ["centre.example:0"] },
      store: { path: ":memory:" },
      lines: [
        { name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["9-1"], dlms: "client=16" },
        { name: "a", url: "tcp://127.0.0.1:4002?x=1", kind: "dlms", scan: ["17000"], dlms: "auth=loud" },
      ],
      meters: [
        { name: "ISK1", line: "b", address: "1", model: "no-such" },
        { name: "ISK1", line: "b", address: "1" },
      ],
      secretsFile: "/secrets.json",
    },
    ".",
    () => '{"ISK1":{"encryptionKey":"AB"}}',
  );
  expect(checked.ok).toBe(false);
  expect(!checked.ok && checked.faults.map((fault) => fault.split(" ")[0])).toEqual([
    "zone:",
    "centre.addresses:",
    "lines[0].scan:",
    "lines[0].dlms:",
    "lines[1].scan:",
    "lines[1].dlms:",
    "lines[1].url:",
    "lines:",
    "meters[0].line:",
    "meters[0].model:",
    "meters[1].name:",
    "meters[1].line:",
    "meters[1]:",
    "secretsFile:",
  ]);
});

test("what the file may not hold is named by its place, and a fault in the secrets repeats none of them", () => {
  const wrong = checkConfig({ identity: "ENC17", colour: "red", lines: [{}] });
  expect(!wrong.ok && wrong.faults).toEqual(
    expect.arrayContaining([
      "centre, store: must be given",
      "colour: is not known",
      "lines[0].name, url, kind: must be given",
    ]),
  );
  const said = checkConfig({ ...configOf().file, identity: "ENC17", centre: { tls: { cert: "a.pem" } } });
  expect(!said.ok && said.faults).toEqual([
    "identity: must be ENC and 13 digits",
    "centre.tls: must be either file, or certificate, key and authority",
  ]);
  const torn = checkConfig({ ...configOf().file, secretsFile: "s.json" }, "/", () => '{"ISK1": secret');
  expect(!torn.ok && torn.faults).toEqual(["secretsFile: /s.json: is no JSON object"]);
});

test("what would be passed over in silence is refused: a port twice, and whatever a line cannot have", () => {
  const faultsOf = (lines: readonly object[], more: object = {}) => {
    const checked = checkConfig({ ...configOf().file, lines, ...more });
    return checked.ok ? [] : checked.faults;
  };
  const a = { name: "a", url: "serial:/dev/ttyUSB0", kind: "iec" };
  expect(faultsOf([a, { ...a, name: "b" }])).toEqual(["lines[1].url: /dev/ttyUSB0 is the port of line a"]);
  expect(faultsOf([{ ...a, kind: "dlms", supply: true, scan: ["1"] }])).toEqual([
    "lines[0].kind: a supply unit speaks iec",
    "lines[0].scan: a supply unit is alone on its line and speaks by itself",
  ]);
  expect(faultsOf([{ ...a, evenParity: true }])).toEqual(["lines[0].evenParity: of an iec line by tcp only"]);
  const meter = { name: "ENS70500001", line: "a", address: "A7", input: 1 };
  expect(faultsOf([{ ...a, kind: "dlms" }], { meters: [meter] })).toEqual([
    "meters[0].input: modules are on lines of kind iec",
    "meters[0].address: a physical address is 0 to 16383",
  ]);
  expect(faultsOf([{ ...a, supply: true }], { meters: [meter] })).toEqual([
    "meters[0].line: a is the line of the supply unit",
  ]);
  expect(faultsOf([a], { console: { listen: "127.0.0.1:0" } })).toEqual([
    "console.listen: the port is 1 to 65535",
  ]);
});

test("the console is on a port of this machine, on a serial port that no line has, or on both", () => {
  const lines = [{ name: "a", url: "serial:/dev/ttyUSB0", kind: "iec" as const }];
  const serial = "serial:/dev/ttyS0?baud=115200";
  expect(configOf({ lines, console: { listen: "127.0.0.1:4060", serial } }).console).toEqual({
    listen: "127.0.0.1:4060",
    serial: { kind: "serial", path: "/dev/ttyS0", baudRate: 115_200 },
  });
  const faultsOf = (console: object) => {
    const checked = checkConfig({
      identity: "ENC0000000000017",
      centre: { addresses: ["127.0.0.1:4059"] },
      store: { path: ":memory:" },
      lines,
      console,
    });
    return checked.ok ? [] : checked.faults;
  };
  expect(faultsOf({ serial })).toEqual([]);
  expect(faultsOf({})).toHaveLength(1);
  expect(faultsOf({ serial: "serial:/dev/ttyUSB0" })).toEqual([
    "console.serial: /dev/ttyUSB0 is the port of line a",
  ]);
  expect(faultsOf({ serial: "serial:/dev/ttyS0?baud=fast&stop=2" })).toEqual([
    "console.serial: stop is not known",
    "console.serial: baud=fast is no rate",
  ]);
});
