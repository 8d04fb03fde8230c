import { DecodeError } from "@energsys/protocols";
import {
  encodeWrapperFrame,
  takeWrapperFrame,
  WrapperLink,
  type WrapperLinkOptions,
} from "@energsys/protocols/wrapper";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex, ManualClock, settle, TestStream } from "../dlms/support.ts";

const clockRequest = "00 01 00 10 00 01 00 0D C0 01 C1 00 08 00 00 01 00 00 FF 02 00";

test("a GET of the clock is framed as IEC 62056-47 says, and every cut waits for more", () => {
  const bytes = hex(clockRequest);
  const taken = takeWrapperFrame(bytes);
  expect(taken).toMatchObject({ frame: { sourcePort: 16, destinationPort: 1 }, end: 21 });
  expect(asHex(encodeWrapperFrame({ sourcePort: 16, destinationPort: 1, apdu: bytes.subarray(8) }))).toBe(
    asHex(bytes),
  );
  for (let length = 0; length < bytes.length; length++) {
    expect(takeWrapperFrame(bytes.slice(0, length))).toBeUndefined();
  }
});

test.each([
  ["a wrong version", "00 02 00 10 00 01 00 00", "wrapper.version", 0],
  ["another protocol, seen at its first byte", "7E", "wrapper.version", 0],
  ["more than the limit", "00 01 00 10 00 01 00 65", "wrapper.length", 6],
])("%s is refused", (_name, text, code, offset) => {
  expect(() => takeWrapperFrame(hex(text), 100)).toThrow(expect.objectContaining({ code, offset }));
  expect(() => takeWrapperFrame(hex(text), 100)).toThrow(DecodeError);
});

test("any frames in a row come back whole", () => {
  const frame = fc.record({
    sourcePort: fc.integer({ min: 0, max: 65535 }),
    destinationPort: fc.integer({ min: 0, max: 65535 }),
    apdu: fc.uint8Array({ maxLength: 200 }),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), (sent) => {
      let rest: Uint8Array = Uint8Array.from(sent.flatMap((each) => [...encodeWrapperFrame(each)]));
      const received = [];
      for (let taken = takeWrapperFrame(rest); taken; taken = takeWrapperFrame(rest)) {
        received.push({ ...taken.frame, apdu: new Uint8Array(taken.frame.apdu) });
        rest = rest.subarray(taken.end);
      }
      expect(received).toEqual(sent);
      expect(rest).toHaveLength(0);
    }),
  );
});

function link(options: Partial<WrapperLinkOptions> = {}) {
  const clock = new ManualClock();
  const stream = new TestStream();
  return {
    clock,
    stream,
    link: new WrapperLink(stream, clock, { client: 16, server: 1, responseTimeoutMs: 1000, ...options }),
  };
}
const answer = (apdu: number[], sourcePort = 1, destinationPort = 16): Uint8Array =>
  encodeWrapperFrame({ sourcePort, destinationPort, apdu: Uint8Array.from(apdu) });

test("answers come to their requests, byte by byte or several frames at once", async () => {
  const heard: string[] = [];
  const { stream, link: wrapper } = link({ onUnsolicited: (apdu) => heard.push(asHex(apdu)) });
  const first = wrapper.exchange(Uint8Array.of(0xc0));
  stream.deliverByByte(answer([0xc4, 1]));
  expect(asHex(await first)).toBe("c401");
  const second = wrapper.exchange(Uint8Array.of(0xc0));
  stream.deliver(Uint8Array.of(...answer([0x0f, 7]), ...answer([0xc4, 2]), ...answer([0x02, 9])));
  expect(asHex(await second)).toBe("c402");
  expect(heard).toEqual(["0f07", "0209"]);
  expect(stream.written.map(asHex)).toEqual(["0001001000010001c0", "0001001000010001c0"]);
});

test("a device that sends the ports back as they came is understood", async () => {
  const { stream, link: wrapper } = link();
  const result = wrapper.exchange(Uint8Array.of(0xc0));
  stream.deliver(answer([0xc4], 16, 1));
  expect(asHex(await result)).toBe("c4");
});

test("no answer in time ends the link, and a late answer reaches nobody", async () => {
  const { stream, clock, link: wrapper } = link();
  const late = wrapper.exchange(Uint8Array.of(0xc0));
  late.catch(() => {});
  await clock.advance(1000);
  await expect(late).rejects.toMatchObject({ code: "link.timeout" });
  expect(stream.closed).toBe(true);
  stream.deliver(answer([0xc4, 1]));
  await expect(wrapper.exchange(Uint8Array.of(0xc0))).rejects.toMatchObject({ code: "link.timeout" });
  expect(clock.pending).toBe(0);
});

test.each([
  ["a frame of another version", hex("00 02 00 01 00 10 00 00"), "link.garbled"],
  ["an answer of another logical device", answer([0xc4], 9, 16), "link.unexpected"],
])("%s ends the link", async (_name, bytes, code) => {
  const { stream, link: wrapper } = link();
  const result = wrapper.exchange(Uint8Array.of(0xc0));
  result.catch(() => {});
  stream.deliver(bytes);
  await expect(result).rejects.toMatchObject({ code });
  expect(stream.closed).toBe(true);
});

test("an answer that nobody asked for ends the link", async () => {
  const { stream, link: wrapper } = link();
  stream.deliver(answer([0xc4]));
  await expect(wrapper.exchange(Uint8Array.of(0xc0))).rejects.toMatchObject({ code: "link.unexpected" });
});

test("a broken stream rejects the request that waits; a second request is refused", async () => {
  const { stream, link: wrapper } = link();
  const first = wrapper.exchange(Uint8Array.of(0xc0));
  first.catch(() => {});
  await expect(wrapper.exchange(Uint8Array.of(0xc0))).rejects.toMatchObject({ code: "link.busy" });
  stream.breakDown(new Error("reset by peer"));
  await settle();
  await expect(first).rejects.toMatchObject({ code: "link.closed" });
});

test("a link of a device that called in leaves its stream open", async () => {
  const { stream, link: wrapper } = link({ closeStream: false });
  await wrapper.close();
  expect(stream.closed).toBe(false);
  await expect(wrapper.exchange(Uint8Array.of(0xc0))).rejects.toMatchObject({ code: "link.closed" });
});
