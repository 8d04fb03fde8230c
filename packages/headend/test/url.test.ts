import { type HeadendError, parseDeviceUrl, withoutSecrets } from "@energsys/headend";
import { expect, test } from "vitest";

test.each([
  [
    "dlms+tcp://10.0.0.1",
    {
      protocol: "dlms",
      framing: "wrapper",
      line: { kind: "tcp", host: "10.0.0.1", port: 4059 },
      client: 16,
      server: 1,
      authentication: "none",
    },
  ],
  [
    "dlms+tcp://meter.example:5000?client=1&server=17&auth=low&password=a%26b",
    {
      protocol: "dlms",
      framing: "wrapper",
      line: { kind: "tcp", host: "meter.example", port: 5000 },
      client: 1,
      server: 17,
      authentication: "low",
      password: "a&b",
    },
  ],
  [
    "dlms+hdlc+tcp://[::1]:4059?client=16&server=1&physical=17&naming=ln",
    {
      protocol: "dlms",
      framing: "hdlc",
      line: { kind: "tcp", host: "::1", port: 4059 },
      client: 16,
      server: 1,
      physical: 17,
      authentication: "none",
    },
  ],
  [
    "dlms+tcp://?client=16",
    {
      protocol: "dlms",
      framing: "wrapper",
      line: { kind: "call-in" },
      client: 16,
      server: 1,
      authentication: "none",
    },
  ],
  [
    "iec62056-21+serial:/dev/serial/by-id/usb-FTDI_A1:2-port0?address=7&mode=B&baud=2400&wakeup=yes&echo=no",
    {
      protocol: "iec62056-21",
      line: { kind: "serial", path: "/dev/serial/by-id/usb-FTDI_A1:2-port0", baudRate: 2400 },
      address: "7",
      mode: "B",
      wakeUp: true,
      echo: false,
    },
  ],
  [
    "iec62056-21+tcp://10.0.0.2:8000?mode=E&client=17&auth=low",
    {
      protocol: "iec62056-21",
      line: { kind: "tcp", host: "10.0.0.2", port: 8000 },
      address: "",
      mode: "E",
      dlms: {
        protocol: "dlms",
        framing: "hdlc",
        line: { kind: "tcp", host: "10.0.0.2", port: 8000 },
        client: 17,
        server: 1,
        authentication: "low",
      },
    },
  ],
  ["p1+serial:COM3", { protocol: "p1", line: { kind: "serial", path: "COM3" } }],
  [
    "iec62056-21+tcp://10.0.0.2:8000?address=70100012&mode=c",
    {
      protocol: "iec62056-21",
      line: { kind: "tcp", host: "10.0.0.2", port: 8000 },
      address: "70100012",
      mode: "C",
    },
  ],
  [
    "iec62056-21+tcp://10.0.0.2:8000/",
    { protocol: "iec62056-21", line: { kind: "tcp", host: "10.0.0.2", port: 8000 }, address: "", mode: "C" },
  ],
  [
    "p1+tcp://10.0.0.3:23?ek=000102030405060708090a0b0c0d0e0f&tag=unchecked",
    {
      protocol: "p1",
      line: { kind: "tcp", host: "10.0.0.3", port: 23 },
      keys: { encryption: Uint8Array.from({ length: 16 }, (_, at) => at), tagUnchecked: true },
    },
  ],
  ["p1+tcp://10.0.0.3:23", { protocol: "p1", line: { kind: "tcp", host: "10.0.0.3", port: 23 } }],
])("%s is understood", (text, expected) => {
  expect(parseDeviceUrl(text)).toEqual(expected);
});

test.each([
  ["", "url.invalid"],
  ["10.0.0.1:4059", "url.invalid"],
  ["dlms+tcp:10.0.0.1", "url.invalid"],
  ["dlms+tcp://user@10.0.0.1", "url.invalid"],
  ["dlms+tcp://10.0.0.1/path", "url.invalid"],
  ["http://10.0.0.1", "url.scheme-unknown"],
  ["constructor://10.0.0.1", "url.scheme-unknown"],
  ["dlms+serial:/dev/ttyUSB0", "url.scheme-unknown"],
  ["dlms+hdlc+serial:/etc/passwd", "url.invalid"],
  ["dlms+hdlc+serial:/dev/../etc/passwd", "url.invalid"],
  ["dlms+hdlc+serial://host/dev/ttyUSB0", "url.invalid"],
  ["p1+serial:/dev/ttyUSB0?baud=0", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?echo=maybe", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?mode=C&client=16", "url.parameter-unknown"],
  ["iec62056-21+tcp://10.0.0.1", "url.port-missing"],
  ["dlms+tcp://10.0.0.1:0", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?client=0", "url.parameter-invalid"],
  ["dlms+hdlc+tcp://10.0.0.1?client=200", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?client=1e1", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?auth=md5", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?auth=gmac&ek=00&ak=00", "url.authentication-not-yet"],
  ["dlms+tcp://10.0.0.1?naming=sn", "url.naming-not-yet"],
  ["dlms+tcp://10.0.0.1?clinet=16", "url.parameter-unknown"],
  ["p1+tcp://10.0.0.1:1?ek=00&ak=00", "url.parameter-invalid"],
  ["p1+tcp://10.0.0.1:1?ek=00112233445566778899aabbccddeeff", "url.parameter-invalid"],
  ["p1+tcp://10.0.0.1:1?ak=00112233445566778899aabbccddeeff", "url.parameter-invalid"],
  ["p1+tcp://10.0.0.1:1?tag=unchecked", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?mode=X", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?address=12%21", "url.parameter-invalid"],
])("%s is refused: %s", (text, code) => {
  let found = "understood";
  try {
    parseDeviceUrl(text);
  } catch (error) {
    found = (error as HeadendError).code;
  }
  expect(found).toBe(code);
});

test("a URL that is shown or logged has no password and no key", () => {
  expect(withoutSecrets("dlms+tcp://h?auth=low&password=geheim&client=1&EK=0011")).toBe(
    "dlms+tcp://h?auth=low&password=…&client=1&EK=…",
  );
});
