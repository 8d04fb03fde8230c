import {
  encodeFrame,
  FrameReader,
  type HdlcAddress,
  type HdlcFrame,
  HdlcLink,
  type HdlcLinkOptions,
  HdlcStation,
  type ReceivedFrame,
} from "@energsys/protocols/hdlc";
import { expect, test } from "vitest";
import { asHex, ManualClock, settle, TestStream } from "../dlms/support.ts";

interface Line {
  readonly clock: ManualClock;
  readonly stream: TestStream;
  readonly link: HdlcLink;
  readonly requests: Uint8Array[];
  /** Frames in both directions, `>` from the reader. */
  readonly frames: string[];
}

/** A reader and a device that echoes the APDU with each byte turned, over a line that may lose frames. */
function line(
  options: {
    lose?: (direction: ">" | "<", count: number, frame: ReceivedFrame) => boolean;
    information?: number;
    deviceInformation?: number;
    answer?: (apdu: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
    noise?: Uint8Array;
    attemptsMax?: number;
    window?: number;
    deviceWindow?: number;
  } = {},
): Line {
  const clock = new ManualClock();
  const stream = new TestStream();
  const requests: Uint8Array[] = [];
  const frames: string[] = [];
  const counts = { ">": 0, "<": 0 };
  const lost = (direction: ">" | "<", bytes: Uint8Array): boolean => {
    const [frame] = new FrameReader().push(bytes);
    if (!frame) return false;
    const { control } = frame;
    frames.push(direction + control.kind + ("sending" in control ? control.sending : ""));
    return options.lose?.(direction, counts[direction]++, frame) ?? false;
  };
  const station = new HdlcStation(
    {
      logical: 1,
      physical: 17,
      informationLengthMax: options.deviceInformation ?? 128,
      windowMax: options.deviceWindow ?? 1,
    },
    {
      write: (bytes) => {
        if (lost("<", bytes)) return;
        if (options.noise) stream.deliver(options.noise);
        stream.deliverByByte(bytes);
      },
      onApdu: (apdu) => {
        requests.push(apdu.slice());
        return options.answer ? options.answer(apdu) : apdu.map((byte) => byte ^ 0xff);
      },
    },
  );
  stream.onWrite = (bytes) => {
    if (!lost(">", bytes)) queueMicrotask(() => station.receive(bytes));
  };
  const link = new HdlcLink(stream, clock, {
    client: 16,
    server: 1,
    physical: 17,
    responseTimeoutMs: 1000,
    ...(options.information !== undefined && { informationLengthMax: options.information }),
    ...(options.attemptsMax !== undefined && { attemptsMax: options.attemptsMax }),
    ...(options.window !== undefined && { windowMax: options.window }),
  });
  return { clock, stream, link, requests, frames };
}

const apduOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index * 7);

test.each([
  ["a short exchange", 20, 1024, 1024],
  ["segments both ways with the default limits", 900, 128, 128],
  ["segments of the smaller of both limits", 900, 1024, 200],
  ["information that ends with a segment", 125 + 128, 128, 128],
  ["many sequence numbers round", 3000, 128, 128],
])(
  "the reader and a device exchange whole APDUs: %s",
  async (_name, length, information, deviceInformation) => {
    const { link, requests } = line({ information, deviceInformation });
    await link.connect();
    for (let round = 0; round < 3; round++) {
      const apdu = apduOf(length + round);
      const answer = await link.exchange(apdu);
      expect(asHex(answer)).toBe(asHex(apdu.map((byte) => byte ^ 0xff)));
      expect(asHex(requests[round] as Uint8Array)).toBe(asHex(apdu));
    }
    await link.close();
  },
);

test("every single lost frame is made good, and no request reaches the device twice", async () => {
  const run = async (lose?: (direction: ">" | "<", count: number) => boolean) => {
    const { link, requests, clock, frames } = line({ information: 128, ...(lose && { lose }) });
    const work = (async () => {
      await link.connect();
      return [await link.exchange(apduOf(300)), await link.exchange(apduOf(200))];
    })();
    work.catch(() => {});
    await clock.advance(20_000);
    const answers = await work;
    expect(answers.map((answer) => answer.length)).toEqual([300, 200]);
    expect(asHex(answers[0] as Uint8Array)).toBe(asHex(apduOf(300).map((byte) => byte ^ 0xff)));
    expect(requests.map((request) => request.length)).toEqual([300, 200]);
    return frames;
  };
  const frames = await run();
  for (const direction of [">", "<"] as const) {
    const count = frames.filter((frame) => frame.startsWith(direction)).length;
    expect(count).toBeGreaterThan(5);
    for (let lost = 0; lost < count; lost++) await run((way, index) => way === direction && index === lost);
  }
});

test("a request that was taken is not sent again while the device still works on it", async () => {
  let finish: (apdu: Uint8Array) => void = () => {};
  const { link, clock, frames, requests } = line({
    answer: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  await link.connect();
  const answer = link.exchange(apduOf(10));
  await clock.advance(1500);
  finish(Uint8Array.of(0xc4, 1, 2));
  await clock.advance(100);
  expect(asHex(await answer)).toBe("c40102");
  expect(requests).toHaveLength(1);
  expect(frames.filter((frame) => frame === ">I0")).toHaveLength(1);
});

test("bytes between frames and a frame with a wrong check are skipped", async () => {
  const broken = encodeFrame({
    destination: { logical: 16, bytes: 1 },
    source: { logical: 1, physical: 17, bytes: 2 },
    control: { kind: "DM", final: true },
    segmented: false,
    information: new Uint8Array(0),
  });
  broken[broken.length - 2] = (broken[broken.length - 2] as number) ^ 1;
  const noise = Uint8Array.of(0x00, 0x7f, 0x7e, 0x7e, 0xff, 0x2f, ...broken, 0x0d);
  const { link } = line({ noise });
  await link.connect();
  expect((await link.exchange(apduOf(300))).length).toBe(300);
  await link.close();
});

test("a device that never answers ends the link after the attempts", async () => {
  const { link, clock, stream, frames } = line({ lose: (way) => way === "<", attemptsMax: 3 });
  const connecting = link.connect();
  connecting.catch(() => {});
  await clock.advance(10_000);
  await expect(connecting).rejects.toMatchObject({ code: "link.timeout" });
  expect(frames.filter((frame) => frame === ">SNRM")).toHaveLength(3);
  expect(stream.closed).toBe(true);
  await expect(link.exchange(apduOf(1))).rejects.toMatchObject({ code: "link.timeout" });
});

test("a device that stops in the middle of an answer ends the link", async () => {
  const { link, clock, stream } = line({ lose: (way, count) => way === "<" && count >= 4 });
  const work = (async () => {
    await link.connect();
    return link.exchange(apduOf(2000));
  })();
  work.catch(() => {});
  await clock.advance(60_000);
  await expect(work).rejects.toMatchObject({ code: "link.timeout" });
  expect(stream.closed).toBe(true);
  expect(clock.pending).toBe(0);
});

test.each([
  ["DM", "link.refused"],
  ["FRMR", "link.refused"],
] as const)("%s to SNRM refuses the link", async (kind, code) => {
  const clock = new ManualClock();
  const stream = new TestStream();
  const link = new HdlcLink(stream, clock, { client: 16, server: 1, responseTimeoutMs: 1000 });
  stream.onWrite = () =>
    queueMicrotask(() =>
      stream.deliver(
        encodeFrame({
          destination: { logical: 16, bytes: 1 },
          source: { logical: 1, bytes: 1 },
          control: { kind, final: true },
          segmented: false,
          information: new Uint8Array(0),
        }),
      ),
    );
  await expect(link.connect()).rejects.toMatchObject({ code });
  expect(stream.closed).toBe(true);
});

test("a broken stream rejects the request that waits", async () => {
  const { link, stream } = line({ answer: () => new Promise(() => {}) });
  await link.connect();
  const answer = link.exchange(apduOf(5));
  answer.catch(() => {});
  await settle();
  stream.breakDown(new Error("reset by peer"));
  await expect(answer).rejects.toMatchObject({ code: "link.closed" });
});

test("a second request while one waits is refused and does not disturb the first", async () => {
  let finish: (apdu: Uint8Array) => void = () => {};
  const { link } = line({
    answer: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  await link.connect();
  const first = link.exchange(apduOf(5));
  await expect(link.exchange(apduOf(6))).rejects.toMatchObject({ code: "link.busy" });
  await settle();
  finish(Uint8Array.of(1));
  expect(asHex(await first)).toBe("01");
});

test("the device answers a wrong client by DM and keeps its link", async () => {
  const written: Uint8Array[] = [];
  const station = new HdlcStation(
    { logical: 1 },
    { write: (bytes) => written.push(bytes), onApdu: () => undefined },
  );
  station.receive(
    encodeFrame({
      destination: { logical: 1, bytes: 1 },
      source: { logical: 5, bytes: 1 },
      control: { kind: "I", sending: 0, receiving: 0, final: true },
      segmented: false,
      information: Uint8Array.of(0xe6, 0xe6, 0, 1),
    }),
  );
  const [frame] = new FrameReader().push(written[0] as Uint8Array);
  expect(frame?.control.kind).toBe("DM");
});

type HdlcLinkAddress = Pick<HdlcLinkOptions, "server" | "physical">;

const frameOf = (source: HdlcAddress, control: HdlcFrame["control"], information = new Uint8Array(0)) =>
  encodeFrame({ destination: { logical: 16, bytes: 1 }, source, control, segmented: false, information });

test.each<[string, HdlcLinkAddress, HdlcAddress, boolean]>([
  [
    "with a physical address that was not asked for",
    { server: 1 },
    { logical: 1, physical: 17, bytes: 2 },
    true,
  ],
  ["in four bytes", { server: 1, physical: 17 }, { logical: 1, physical: 17, bytes: 4 }, true],
  ["without its physical address", { server: 1, physical: 17 }, { logical: 1, bytes: 1 }, true],
  ["to a call to all stations", { server: 1, physical: 127 }, { logical: 1, physical: 33, bytes: 2 }, true],
  [
    "from another station of the bus",
    { server: 1, physical: 17 },
    { logical: 1, physical: 18, bytes: 2 },
    false,
  ],
  ["from another logical device", { server: 1 }, { logical: 2, bytes: 1 }, false],
])("a meter that answers %s", async (_name, address, source, heard) => {
  const clock = new ManualClock();
  const stream = new TestStream();
  const link = new HdlcLink(stream, clock, {
    client: 16,
    responseTimeoutMs: 1000,
    attemptsMax: 1,
    ...address,
  });
  stream.onWrite = () => queueMicrotask(() => stream.deliver(frameOf(source, { kind: "UA", final: true })));
  const connecting = link.connect();
  connecting.catch(() => {});
  await clock.advance(1000);
  if (heard) await expect(connecting).resolves.toBeUndefined();
  else await expect(connecting).rejects.toMatchObject({ code: "link.timeout" });
});

test("a push between request and answer is handed over and does not disturb them", async () => {
  const clock = new ManualClock();
  const stream = new TestStream();
  const pushed: string[] = [];
  const link = new HdlcLink(stream, clock, {
    client: 16,
    server: 1,
    responseTimeoutMs: 1000,
    onUnsolicited: (apdu) => pushed.push(asHex(apdu)),
  });
  const meter = { logical: 1, bytes: 1 } as const;
  const unit = (...apdu: number[]) => Uint8Array.of(0xe6, 0xe7, 0, ...apdu);
  stream.onWrite = (bytes) => {
    const kind = new FrameReader().push(bytes)[0]?.control.kind;
    queueMicrotask(() => {
      stream.deliver(frameOf(meter, { kind: "UI", final: true }, unit(0x0f, 7)));
      if (kind === "SNRM") stream.deliver(frameOf(meter, { kind: "UA", final: true }));
      else stream.deliver(frameOf(meter, { kind: "I", sending: 0, receiving: 1, final: true }, unit(0xc4)));
    });
  };
  await link.connect();
  expect(asHex(await link.exchange(apduOf(4)))).toBe("c4");
  expect(pushed).toEqual(["0f07", "0f07"]);
});

test.each([
  [7, 7, 7],
  [7, 3, 3],
  [2, 7, 2],
  [1, 7, 1],
])(
  "windows of %i and %i: %i frames go before an acknowledgement, both ways",
  async (window, deviceWindow, agreed) => {
    const { link, frames, requests } = line({ window, deviceWindow, information: 128 });
    await link.connect();
    const apdu = apduOf(2500);
    for (let round = 0; round < 3; round++) {
      expect(asHex(await link.exchange(apdu))).toBe(asHex(apdu.map((byte) => byte ^ 0xff)));
    }
    expect(requests).toHaveLength(3);
    const runs = frames.join(" ").match(/(>I\d ?)+/g) ?? [];
    expect(Math.max(...runs.map((run) => run.trim().split(" ").length))).toBe(agreed);
    const back = frames.join(" ").match(/(<I\d ?)+/g) ?? [];
    expect(Math.max(...back.map((run) => run.trim().split(" ").length))).toBe(agreed);
  },
);

test.each([">", "<"] as const)("windows: any single frame lost on the way %s is made good", async (way) => {
  for (let at = 1; at < 12; at++) {
    const { link, clock, requests } = line({
      window: 4,
      deviceWindow: 4,
      information: 128,
      lose: (direction, count) => direction === way && count === at,
    });
    await link.connect();
    const apdu = apduOf(1000);
    const answer = link.exchange(apdu);
    await clock.advance(10_000);
    expect(asHex(await answer)).toBe(asHex(apdu.map((byte) => byte ^ 0xff)));
    expect(requests).toHaveLength(1);
  }
});

test("a meter without room is asked again until it has some", async () => {
  const clock = new ManualClock();
  const stream = new TestStream();
  const link = new HdlcLink(stream, clock, {
    client: 16,
    server: 1,
    responseTimeoutMs: 1000,
    informationLengthMax: 128,
  });
  const from: HdlcAddress = { logical: 1, bytes: 1 };
  const to: HdlcAddress = { logical: 16, bytes: 1 };
  const answer = (control: HdlcFrame["control"], information = new Uint8Array(0)) =>
    stream.deliver(encodeFrame({ source: from, destination: to, control, segmented: false, information }));
  const sent: string[] = [];
  let busy = 2;
  stream.onWrite = (bytes) => {
    const control = new FrameReader().push(bytes)[0]?.control;
    if (!control) return;
    sent.push(control.kind);
    queueMicrotask(() => {
      if (control.kind === "SNRM") answer({ kind: "UA", final: true });
      else if (control.kind === "I" && control.sending === 0)
        answer({ kind: "RNR", receiving: 1, final: true });
      else if (control.kind === "RR" && busy-- > 0) answer({ kind: "RNR", receiving: 1, final: true });
      else if (control.kind === "RR") answer({ kind: "RR", receiving: 1, final: true });
      else if (control.kind === "I") {
        answer(
          { kind: "I", sending: 0, receiving: 2, final: true },
          Uint8Array.of(0xe6, 0xe7, 0, 0xd8, 1, 2),
        );
      }
    });
  };
  await link.connect();
  const exchange = link.exchange(apduOf(200));
  await clock.advance(10_000);
  expect(asHex(await exchange)).toBe("d80102");
  expect(sent).toEqual(["SNRM", "I", "RR", "RR", "RR", "I"]);
});
