import { expect, test } from "vitest";
import { type DriverError, parseDeviceUrl, withoutSecrets } from "../src/index.ts";

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
      secret: { password: "a&b" },
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
  [
    `dlms+udp://10.0.0.1?client=1&auth=gmac&ek=${"0a".repeat(16)}&ak=${"0B".repeat(16)}&title=4D4D4D0000000001`,
    {
      line: { kind: "udp", host: "10.0.0.1", port: 4059 },
      authentication: "gmac",
      protection: "authenticated-encrypted",
      suite: 0,
      form: { dedicated: false, general: false },
      counter: "0-0:43.1.0*255",
      title: Uint8Array.of(0x4d, 0x4d, 0x4d, 0, 0, 0, 0, 1),
      secret: { encryptionKey: "0a".repeat(16), authenticationKey: "0B".repeat(16) },
    },
  ],
  [
    "dlms+tcp://10.0.0.1?auth=sha256&secret=geheim&security=auth&suite=2&form=general-ded&counter=77&pdu=512",
    {
      authentication: "sha256",
      protection: "authenticated",
      suite: 2,
      form: { dedicated: true, general: true },
      counter: 77,
      pduLength: 512,
      secret: { hlsSecret: "geheim" },
    },
  ],
  [
    "dlms+hdlc+tcp://10.0.0.1:1?naming=sn&physical=17&addressbytes=4&info=512&window=7&blocks=general&gateway=1:0000002A",
    {
      framing: "hdlc",
      naming: "short",
      physical: 17,
      addressBytes: 4,
      informationLength: 512,
      window: 7,
      generalBlocks: true,
      gateway: { networkId: 1, address: Uint8Array.of(0, 0, 0, 42) },
    },
  ],
  [
    "dlms+tcp://10.0.0.1?auth=gmac&security=none&counter=0.0.43.1.1.255&metertitle=4D4D4D0000BC614E&established=yes",
    { protection: "none", counter: "0-0:43.1.1*255", established: true },
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
      secret: { encryptionKey: "000102030405060708090a0b0c0d0e0f" },
      tagUnchecked: true,
    },
  ],
  ["p1+tcp://10.0.0.3:23", { protocol: "p1", line: { kind: "tcp", host: "10.0.0.3", port: 23 } }],
  [
    "iec62056-21+modem:/dev/ttyS0?number=+40740123456&address=17&init=%2BCBST=7,0,1&baud=19200&answer=90",
    {
      protocol: "iec62056-21",
      address: "17",
      line: {
        kind: "modem",
        via: { kind: "serial", path: "/dev/ttyS0", baudRate: 19_200 },
        number: "+40740123456",
        dialling: "plain",
        init: "+CBST=7,0,1",
        answerSeconds: 90,
      },
    },
  ],
  [
    "dlms+hdlc+modem+tcp://10.0.0.4:2001?number=0,0740123456&dialling=tone&physical=17",
    {
      protocol: "dlms",
      physical: 17,
      line: {
        kind: "modem",
        via: { kind: "tcp", host: "10.0.0.4", port: 2001 },
        number: "0,0740123456",
        dialling: "tone",
        answerSeconds: 60,
      },
    },
  ],
])("%s is understood", (text, expected) => {
  expect(parseDeviceUrl(text)).toMatchObject(expected);
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
  ["iec62056-21+modem:/dev/ttyS0", "url.parameter-invalid"],
  ["iec62056-21+modem:/dev/ttyS0?number=07401234x6", "url.parameter-invalid"],
  ["iec62056-21+modem:/dev/ttyS0?number=0740123456&init=E0%0DATD112", "url.parameter-invalid"],
  ["iec62056-21+modem:/etc/passwd?number=0740123456", "url.invalid"],
  ["iec62056-21+modem+tcp://?number=0740123456", "url.invalid"],
  ["iec62056-21+modem+tcp://10.0.0.4?number=0740123456", "url.port-missing"],
  ["p1+modem:/dev/ttyS0?number=0740123456", "url.scheme-unknown"],
  ["iec62056-21+tcp://10.0.0.1:1?echo=maybe", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?mode=C&client=16", "url.parameter-unknown"],
  ["iec62056-21+tcp://10.0.0.1", "url.port-missing"],
  ["dlms+tcp://10.0.0.1:0", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?client=0", "url.parameter-invalid"],
  ["dlms+hdlc+tcp://10.0.0.1?client=200", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?client=1e1", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?auth=rot13", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?auth=gmac&ek=00&ak=00", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?security=all", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?suite=3", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?form=clear", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?title=00", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?counter=often", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?counter=4294967296", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?gateway=1", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?physical=17", "url.parameter-unknown"],
  ["dlms+hdlc+tcp://10.0.0.1?physical=17&addressbytes=3", "url.parameter-invalid"],
  ["dlms+tcp://10.0.0.1?auth=gmac&established=yes", "url.parameter-invalid"],
  ["dlms+udp://?client=1", "url.invalid"],
  ["dlms+tcp://10.0.0.1?clinet=16", "url.parameter-unknown"],
  ["p1+tcp://10.0.0.1:1?ek=00&ak=00", "url.parameter-invalid"],
  ["p1+tcp://10.0.0.1:1?tag=never", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?mode=X", "url.parameter-invalid"],
  ["iec62056-21+tcp://10.0.0.1:1?address=12%21", "url.parameter-invalid"],
])("%s is refused: %s", (text, code) => {
  let found = "understood";
  try {
    parseDeviceUrl(text);
  } catch (error) {
    found = (error as DriverError).code;
  }
  expect(found).toBe(code);
});

test("a URL that is shown or logged has no password and no key", () => {
  expect(
    withoutSecrets("dlms+tcp://h?auth=low&password=geheim&client=1&EK=0011&ak=22&secret=x&sk=1&pk=2"),
  ).toBe("dlms+tcp://h?auth=low&password=…&client=1&EK=…&ak=…&secret=…&sk=…&pk=…");
});
