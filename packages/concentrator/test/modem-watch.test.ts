import type { ByteStream } from "@energsys/protocols";
import { pino } from "pino";
import { expect, test } from "vitest";
import { ModemWatch } from "../src/centre/modem-watch.ts";
import { checkConfig } from "../src/config.ts";
import { configOf, FakeClock, morningMs } from "./testing.ts";

/** A modem's own port: answers at once, as long as it is there. */
function port(answers: () => Readonly<Record<string, string>> | undefined): ByteStream {
  let hear: (bytes: Uint8Array) => void = () => undefined;
  return {
    write: (bytes) => {
      const asked = Buffer.from(bytes).toString("ascii").trim();
      const said = answers();
      if (said) hear(Buffer.from(`\r\n${said[asked] ?? ""}\r\nOK\r\n`));
    },
    onBytes: (listener) => {
      hear = listener;
    },
    onEnd: () => undefined,
    close: () => undefined,
  };
}

test("a modem that loses its network is told of after the second question, once, and when it is back", async () => {
  const clock = new FakeClock(morningMs);
  const told: string[] = [];
  let said: Readonly<Record<string, string>> | undefined = {
    "AT+CREG?": "+CREG: 0,1",
    "AT+CSQ": "+CSQ: 20,99",
  };
  const watch = new ModemWatch({
    clock,
    log: pino({ level: "silent" }),
    everyMs: 60_000,
    open: async () => port(() => said),
    onChange: (has, detail) => told.push(`${has} ${detail}`),
  });
  watch.start();
  await clock.advance(1000);
  expect(watch.seen).toEqual({ network: "registered", signalDbm: -73 });
  said = { "AT+CREG?": "+CREG: 0,2", "AT+CSQ": "+CSQ: 99,99" };
  await clock.advance(60_000);
  expect(watch.seen).toEqual({ network: "searching" });
  expect(told).toEqual([]);
  await clock.advance(240_000);
  expect(told).toEqual(["false searching"]);
  said = { "AT+CREG?": "+CREG: 0,5", "AT+CSQ": "+CSQ: 2,99" };
  await clock.advance(60_000);
  expect(watch.seen).toEqual({ network: "registered", signalDbm: -109 });
  expect(told).toEqual(["false searching", "true "]);
  said = undefined;
  await clock.advance(200_000);
  expect(told.at(-1)).toBe("false modem.silent");
  expect(watch.seen).toEqual({ network: "off" });
  watch.stop();
});

test("the port of the modem is no port of anything else", () => {
  const config = configOf({ modem: { url: "serial:/dev/ttyUSB2?baud=115200" } });
  expect(config.modem).toEqual({
    place: { kind: "serial", path: "/dev/ttyUSB2", baudRate: 115_200 },
    everySeconds: 60,
  });
  const checked = checkConfig({
    ...config.file,
    modem: { url: "serial:/dev/ttyS0" },
    console: { serial: "serial:/dev/ttyS0" },
  });
  expect(!checked.ok && checked.faults).toEqual(["modem.url: /dev/ttyS0 is the port of console.serial"]);
});
