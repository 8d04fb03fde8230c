import type { ByteStream } from "@energsys/protocols";
import { expect, test } from "vitest";
import { meterStream } from "../src/field/called-meter.ts";
import { type Subscriber, VirtualModem, type VirtualModemOptions } from "../src/field/virtual-modem.ts";
import { realLineClock, StageClock } from "./field-line.ts";
import { ascii, asciiOf, deviceOf, meterOf, until } from "./support.ts";

/** A computer's end of a cable, typed at by hand. */
function terminal(clock: StageClock, options: Partial<VirtualModemOptions> = {}) {
  let seen = "";
  let toModem: (bytes: Uint8Array) => void = () => undefined;
  let unplug: () => void = () => undefined;
  const computer: ByteStream = {
    write: (bytes) => {
      seen += asciiOf(bytes);
    },
    onBytes: (listener) => {
      toModem = listener;
    },
    onEnd: (listener) => {
      unplug = listener;
    },
    close: () => undefined,
  };
  const modem = new VirtualModem(computer, { clock, subscribers: new Map(), profile: {}, ...options });
  return {
    modem,
    type: async (text: string, waitMs = 0) => {
      seen = "";
      toModem(ascii(text));
      await clock.advance(waitMs);
      return seen;
    },
    seen: () => seen,
    unplug: () => unplug(),
  };
}

/** Somebody who sends back what they hear. */
const echoing = (): Subscriber & { readonly closed: () => boolean } => {
  let closed = false;
  return {
    kind: "answers",
    afterMs: 1000,
    closed: () => closed,
    answer: () => {
      const hearers: ((bytes: Uint8Array) => void)[] = [];
      return {
        write: (bytes) => {
          for (const hearer of hearers) hearer(bytes);
        },
        onBytes: (listener) => void hearers.push(listener),
        onEnd: () => undefined,
        close: () => {
          closed = true;
        },
      };
    },
  };
};

test("commands are echoed and answered, in words or numbers or not at all", async () => {
  const { type } = terminal(new StageClock(0));
  expect(await type("AT\r")).toBe("AT\r\r\nOK\r\n");
  expect(await type("ATE0\r")).toBe("ATE0\r\r\nOK\r\n");
  expect(await type("AT+CSQ;+CREG?\r")).toBe("\r\n+CSQ: 18,99\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n");
  expect(await type("ATS7=45S7?\r")).toBe("\r\n045\r\n\r\nOK\r\n");
  expect(await type("AT%X\r")).toBe("\r\nERROR\r\n");
  expect(await type("ATV0\r")).toBe("0\r");
  expect(await type("ATQ1\r")).toBe("");
  expect(await type("AT&F\r")).toBe("\r\nOK\r\n");
});

test("a modem on a fixed line knows no GSM commands", async () => {
  const { type } = terminal(new StageClock(0), { network: "fixed" });
  expect(await type("ATE0\r")).toContain("OK");
  expect(await type("AT+CSQ\r")).toBe("\r\nERROR\r\n");
});

test("a call is left by three pluses between silences, taken up again, and ended", async () => {
  const clock = new StageClock(0);
  const far = echoing();
  const { type, modem } = terminal(clock, { subscribers: new Map([["112", far]]) });
  await type("ATE0\r");
  expect(await type("ATD112\r", 1500)).toBe("\r\nCONNECT 9600\r\n");
  expect(await type("abc", 100)).toBe("abc");
  // No silence before them: they are data.
  expect(await type("+++", 3000)).toBe("+++");
  expect(await type("+++", 500)).toBe("+++");
  expect(await type("x", 3000)).toBe("x");
  expect(await type("+++", 1100)).toBe("+++\r\nOK\r\n");
  expect(await type("ATO\r")).toBe("\r\nCONNECT 9600\r\n");
  expect(await type("def", 2000)).toBe("def");
  await type("+++", 1100);
  expect(await type("ATH\r")).toBe("\r\nOK\r\n");
  expect([modem.carrier, far.closed()]).toEqual([false, true]);
  expect(await type("ATO\r")).toBe("\r\nNO CARRIER\r\n");
});

test("a character while it dials ends the dialling; a computer that goes away ends the call", async () => {
  const clock = new StageClock(0);
  const far = echoing();
  const carrier: boolean[] = [];
  const { type, unplug } = terminal(clock, {
    subscribers: new Map([["112", far]]),
    onCarrier: (is) => void carrier.push(is),
  });
  await type("ATE0\r");
  await type("ATD112\r", 500);
  expect(await type("\r", 2000)).toBe("\r\nNO CARRIER\r\n");
  await type("ATD112\r", 1500);
  unplug();
  expect(far.closed()).toBe(true);
  expect(carrier).toEqual([true, false]);
});

test("somebody who calls is heard ringing, and taken by hand or after so many rings", async () => {
  const clock = new StageClock(0);
  const { type, modem, seen } = terminal(clock);
  await type("ATE0\r");
  modem.ring((echoing() as Extract<Subscriber, { kind: "answers" }>).answer());
  await clock.advance(3500);
  expect(seen().match(/RING/g)).toHaveLength(2);
  expect(await type("ATA\r")).toBe("\r\nCONNECT 9600\r\n");
  await clock.advance(2000);
  await type("+++", 1100);
  await type("ATH\r");
  await type("ATS0=2\r");
  modem.ring((echoing() as Extract<Subscriber, { kind: "answers" }>).answer());
  await clock.advance(3500);
  expect(seen()).toContain("CONNECT");
});

test("a meter's line is a stream: it answers, and ends when it is closed", async () => {
  const stream = meterStream(deviceOf(meterOf("iec-iskra")), realLineClock);
  let heard = "";
  let ended = false;
  stream.onBytes((bytes) => {
    heard += asciiOf(bytes);
  });
  stream.onEnd(() => {
    ended = true;
  });
  stream.write(ascii("/?!\r\n"));
  await until(() => heard === "/ISK5ME162-0033\r\n");
  stream.close();
  stream.write(ascii("/?!\r\n"));
  expect([heard, ended]).toEqual(["/ISK5ME162-0033\r\n", true]);
});
