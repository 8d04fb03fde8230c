import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Database,
  encodeProfileBody,
  LocalTime,
  LogicalDevices,
  type ServedCore,
  SqliteJournal,
} from "@energsys/concentrator";
import { realClock, TcpLine } from "@energsys/drivers";
import { type ByteStream, type Clock, encodeObis } from "@energsys/protocols";
import { DlmsClient, data } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame, WrapperLink } from "@energsys/protocols/wrapper";
import { RadioLink } from "@energsys/simulator";
import { atMost, type Bench } from "./bench.ts";

const meters = 1000;
const intervals = 96;
const channels = ["1-0:1.29.0*255", "1-0:2.29.0*255", "1-0:3.29.0*255", "1-0:4.29.0*255"];
const startMs = Date.UTC(2026, 10, 25, 22);
/** The radio link passes in so much less time; what both sides work meanwhile counts as many times more. */
const faster = 20;

/** One night of 1,000 meters with four channels, from a store on disk over a real socket to our own client. */
export const bench: Bench = {
  name: "concentrator-handover",
  about: "a concentrator hands over the night of 1,000 meters: 96 intervals of 4 channels each",
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), "handover-"));
    const database = new Database({ path: join(folder, "store.sqlite"), nowMs: startMs });
    const time = new LocalTime("Europe/Bucharest");
    const journal = new SqliteJournal(database, time, () => Date.now());
    fill(journal, time);
    const pair = await connected();
    try {
      serve(new TcpLine(pair.device, realClock).stream(), journal);
      const began = performance.now();
      const { bytes } = await handOver(pair.centre, journal.newest, realClock);
      const seconds = (performance.now() - began) / 1000;
      const bare = await connected();
      const bareSeconds = await writeBare(bare.device, bare.centre, bytes);
      bare.device.destroy();
      bare.centre.destroy();
      const radio = await overRadio(journal);
      log(
        `over GPRS ${(radio.seconds / 60).toFixed(1)} min, of which ${(bytes / 2000 / 60).toFixed(1)} for the bytes at 2 kB/s`,
      );
      log(
        `${meters} meters, ${(bytes / 1e6).toFixed(2)} MB: ${seconds.toFixed(2)} s; bare socket ${bareSeconds.toFixed(3)} s`,
      );
      const metrics = [
        atMost("hand-over of 384,000 values on a clean link", seconds, "s", 10),
        { name: "bytes of the hand-over", value: bytes, unit: "bytes" },
        { name: "the same over GPRS (800 ms, 2 kB/s, stalls)", value: radio.seconds / 60, unit: "min" },
        { name: "GPRS, to its bytes at 2 kB/s", value: radio.seconds / (radio.bytes / 2000), unit: "ratio" },
        { name: "to writing the same bytes over a bare socket", value: seconds / bareSeconds, unit: "ratio" },
      ];
      return { metrics };
    } finally {
      pair.device.destroy();
      pair.centre.destroy();
      database.sqlite.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function fill(journal: SqliteJournal, time: LocalTime): void {
  const quality = new Uint8Array(intervals);
  for (let meter = 0; meter < meters; meter++) {
    const columns = channels.map((obis, channel) => ({
      obis,
      kind: "delta" as const,
      scaler: 0,
      unit: "Wh",
      values: Array.from({ length: intervals }, (_, n) => (meter * 7 + n * 13 * (channel + 1)) % 900),
    }));
    const body = encodeProfileBody(
      { obis: "1-0:99.1.0*255", periodSeconds: 900, startMs, columns, quality },
      time,
    );
    journal.append([
      { logicalDevice: 16 + meter, kind: 1, body, fromMs: startMs, toMs: startMs + 86_400_000 },
    ]);
  }
}

async function connected(): Promise<{ device: Socket; centre: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const device = connect({ host: "127.0.0.1", port: typeof bound === "object" && bound ? bound.port : 0 });
  const centre = await accepted;
  server.close();
  return { device, centre };
}

/** The clock of a time that passes faster than ours. */
const fastClock: Clock = {
  now: () => startMs + performance.now() * faster,
  after: (delayMs, action) => realClock.after(delayMs / faster, action),
};

/** The same through a modem's radio link, in its own time. */
async function overRadio(journal: SqliteJournal): Promise<{ seconds: number; bytes: number }> {
  const radio = new RadioLink({ clock: fastClock, seed: 1 });
  const registered = new Promise<void>((resolve) => {
    radio.onAddress = () => resolve();
  });
  radio.power(true);
  await registered;
  const { device, centre } = await connected();
  try {
    const carried = radio.carry(new TcpLine(device, fastClock).stream());
    if (!carried) throw new Error("the modem has no address");
    serve(carried, journal);
    const began = fastClock.now();
    const { bytes } = await handOver(centre, journal.newest, fastClock);
    return { seconds: (fastClock.now() - began) / 1000, bytes };
  } finally {
    radio.power(false);
    device.destroy();
    centre.destroy();
  }
}

/** The serving side of a line as it is: wrapper frames in, answers of the logical devices out. */
function serve(stream: ByteStream, journal: SqliteJournal): void {
  const core: Pick<
    ServedCore,
    "identity" | "serial" | "firmware" | "zone" | "journal" | "now" | "meters" | "meter"
  > = {
    identity: "ENC0000000000001",
    serial: "0000000000001",
    firmware: "1",
    zone: "Europe/Bucharest",
    journal,
    now: () => Date.now(),
    meters: () => [],
    meter: () => undefined,
  };
  const none = () => "";
  const configuration = {
    inForce: none,
    proposed: none,
    propose: none,
    confirmed: () => true,
    confirm: () => true,
    problem: none,
  };
  const line = new LogicalDevices(core as ServedCore, configuration).line();
  let received: Uint8Array = new Uint8Array(0);
  stream.onBytes((chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
      received = received.slice(taken.end);
      const { apdu, sourcePort, destinationPort } = taken.frame;
      void line.answer({ sourcePort, destinationPort }, apdu.slice()).then((answer) => {
        if (answer)
          stream.write(
            encodeWrapperFrame({ sourcePort: destinationPort, destinationPort: sourcePort, apdu: answer }),
          );
      });
    }
  });
}

/** Reads to the end and decodes every entry, as a centre does; then sets *taken*. Gives the bytes that came. */
async function handOver(socket: Socket, newest: number, clock: Clock): Promise<{ bytes: number }> {
  const link = (client: number) =>
    new WrapperLink(line.stream(), clock, {
      client,
      server: 1,
      responseTimeoutMs: 60_000,
      closeStream: false,
    });
  const line = new TcpLine(socket, clock);
  const reader = await DlmsClient.associate(link(16), { authentication: { kind: "none" } });
  const column = data.structure(
    data.uint16(1),
    data.octets(encodeObis("0-128:96.8.0*255")),
    data.int8(2),
    data.uint16(0),
  );
  for (let last = 0; last < newest; ) {
    const parameters = data.structure(column, data.uint32(last + 1), data.uint32(0xffff_ffff), data.array());
    const answer = await reader.get(
      { classId: 7, obis: "0-128:99.1.0*255", attribute: 2 },
      { selector: 1, parameters },
    );
    const entries = answer.ok && "items" in answer.data ? answer.data.items : [];
    const end = entries.at(-1);
    if (!end || !("items" in end) || end.items[0]?.type !== "uint32") throw new Error("no whole answer");
    last = end.items[0].value;
  }
  const writer = await DlmsClient.associate(link(1), { authentication: { kind: "none" } });
  const set = await writer.set({ classId: 1, obis: "0-128:96.9.0*255", attribute: 2 }, data.uint32(newest));
  if (!set.ok) throw new Error(`taken is refused: ${set.dataAccessResult}`);
  return { bytes: line.bytesReceived };
}

async function writeBare(from: Socket, to: Socket, bytes: number): Promise<number> {
  const block = new Uint8Array(65_535);
  const began = performance.now();
  let arrived = 0;
  const done = new Promise<void>((resolve) => {
    to.on("data", (chunk: Uint8Array) => {
      arrived += chunk.length;
      if (arrived >= bytes) resolve();
    });
  });
  for (let left = bytes; left > 0; left -= block.length)
    from.write(block.subarray(0, Math.min(left, block.length)));
  await done;
  return (performance.now() - began) / 1000;
}
