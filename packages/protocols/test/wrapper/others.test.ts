import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "@energsys/protocols/decode";
import {
  type DatagramPort,
  encodeMbusFrames,
  encodeWrapperFrame,
  WrapperDatagramLink,
} from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import { asHex, hex, ManualClock } from "../dlms/support.ts";

class Port implements DatagramPort {
  readonly sent: string[] = [];
  closed = 0;
  deliver: (datagram: Uint8Array) => void = () => {};
  end: (cause?: Error) => void = () => {};
  send(datagram: Uint8Array): void {
    this.sent.push(asHex(datagram));
  }
  onDatagram(listener: (datagram: Uint8Array) => void): void {
    this.deliver = listener;
  }
  onEnd(listener: (cause?: Error) => void): void {
    this.end = listener;
  }
  close(): void {
    this.closed++;
  }
}

const request = hex("C001C100080000010000FF0200");
const answer = hex("C401C10011 05");
const from = (sourcePort: number, destinationPort: number, apdu: Uint8Array) =>
  encodeWrapperFrame({ sourcePort, destinationPort, apdu });

function open() {
  const port = new Port();
  const clock = new ManualClock();
  const pushed: string[] = [];
  const link = new WrapperDatagramLink(port, clock, {
    client: 16,
    server: 1,
    responseTimeoutMs: 1000,
    onUnsolicited: (apdu) => pushed.push(asHex(apdu)),
  });
  return { port, clock, link, pushed };
}

test("UDP: only one whole frame of the device asked is an answer", async () => {
  const { port, link, pushed } = open();
  const exchange = link.exchange(request);
  expect(port.sent).toEqual(["000100100001000dc001c100080000010000ff0200"]);
  const whole = from(1, 16, answer);
  for (const odd of [
    new Uint8Array(0),
    whole.subarray(0, whole.length - 1),
    Uint8Array.from([...whole, 0]),
    hex("7EA0070321930F017E"),
    from(2, 16, answer),
    from(1, 17, answer),
  ]) {
    port.deliver(odd);
  }
  port.deliver(from(1, 16, hex("0F00000001 00 00")));
  port.deliver(whole);
  expect(asHex(await exchange)).toBe(asHex(answer));
  expect(pushed).toEqual(["0f000000010000"]);
  await link.close();
  expect(port.closed).toBe(1);
});

test("UDP: a lost answer ends the link without a second request", async () => {
  const { port, clock, link } = open();
  const exchange = link.exchange(request);
  await expect(link.exchange(request)).rejects.toMatchObject({ code: "link.busy" });
  const outcome = expect(exchange).rejects.toMatchObject({ code: "link.timeout" });
  await clock.advance(1000);
  await outcome;
  expect(port.sent).toHaveLength(1);
  await expect(link.exchange(request)).rejects.toMatchObject({ code: "link.timeout" });
});

test("a recorded M-Bus push is framed again to the same bytes", () => {
  const recorded = hex(
    readFileSync(join(import.meta.dirname, "../fixtures/dlms/esp-mbus_kmswest.hex"), "utf8"),
  );
  const apdu = recorded.subarray(9, recorded.length - 2);
  expect(encodeMbusFrames(apdu).map(asHex)).toEqual([asHex(recorded)]);
});

test("a long push goes in numbered segments, which are read back whole", () => {
  const values = Array.from(
    { length: 100 },
    (_, index) => `060000${index.toString(16).padStart(4, "0")}`,
  ).join("");
  const apdu = hex(`0F 00000001 00 01 64 ${values}`);
  const frames = encodeMbusFrames(apdu);
  expect(frames.map((frame) => frame[6])).toEqual([0x00, 0x01, 0x12]);
  const { telegrams, warnings } = explain(Uint8Array.from(frames.flatMap((frame) => [...frame])));
  expect(warnings.filter((warning) => warning.startsWith("mbus"))).toEqual([]);
  expect(telegrams[0]?.checks).toMatchObject({ checksum: "good" });
  expect(() => encodeMbusFrames(new Uint8Array(4001))).toThrow(RangeError);
});
