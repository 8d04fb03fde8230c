import type { ByteStream, Clock } from "@energsys/protocols";
import { HdlcStation } from "@energsys/protocols/hdlc";
import { IecStation } from "@energsys/protocols/iec62056-21";
import { encodeWrapperFrame, takeWrapperFrame, type WrapperFrame } from "@energsys/protocols/wrapper";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { MeterServer } from "../dlms/meter-server.ts";
import { tamperingOf } from "../dlms/tampering.ts";
import { type Fault, type Outlet, spoil } from "../faults.ts";
import { type IecKind, iecDialects } from "../iec/dialects.ts";
import { IecMeter } from "../iec/iec-meter.ts";
import { isDlms } from "../meter/description.ts";

/** The meter's side of one connection, whatever it speaks. */
export interface MeterLine {
  receive(chunk: Uint8Array): void;
  /** The connection is gone. */
  end?(): void;
}

/** What tells meters on one line apart; absent on a line of its own. */
export interface LinePlace {
  /** Device address of IEC 62056-21, in place of the serial number. */
  readonly address?: string;
  /** Lower HDLC address. */
  readonly physical?: number;
  /** Between a request and its answer (IEC 62056-21); a socket needs none. */
  readonly reactionMs?: number;
}

/** A meter takes no request longer than this. */
const requestLengthMax = 4096;
const managementDevice = 1;

/** Speaks for a meter on a connection whose other end is `open`; a fault spoils what it says. */
export function openLine(
  device: MeterDevice,
  open: Outlet,
  clock: Clock,
  fault?: Fault,
  place: LinePlace = {},
): MeterLine {
  const { kind, framing, key } = device.meter.description;
  const outlet = fault ? spoil(open, fault, key) : open;
  if (isDlms(kind)) {
    const server = new MeterServer(device, tamperingOf(fault));
    return framing === "hdlc" ? hdlcLine(device, server, outlet, place) : wrapperLine(server, outlet);
  }
  return iecLine(device, kind, outlet, clock, fault, place);
}

/** Behind a modem the option select may take its time; a readout that nobody asked for would disturb it. */
const optionTimeoutMs = 60_000;

function iecLine(
  device: MeterDevice,
  kind: IecKind,
  outlet: Outlet,
  clock: Clock,
  fault: Fault | undefined,
  place: LinePlace,
): MeterLine {
  const listeners: ((chunk: Uint8Array) => void)[] = [];
  const ends: (() => void)[] = [];
  const stream: ByteStream = {
    write: (bytes) => outlet.write(bytes),
    onBytes: (listener) => void listeners.push(listener),
    onEnd: (listener) => void ends.push(listener),
    close: () => outlet.destroy(),
  };
  const takeOver = (binary: ByteStream) => {
    const server = new MeterServer(device, tamperingOf(fault));
    const over = { write: (bytes: Uint8Array) => binary.write(bytes), destroy: () => binary.close() };
    const line = hdlcLine(device, server, over, place);
    binary.onBytes((chunk) => line.receive(chunk));
  };
  const meter = new IecMeter(device, kind, takeOver, place.address);
  const { sendEveryMs } = iecDialects[kind];
  new IecStation(stream, clock, meter, {
    reactionMs: place.reactionMs ?? 0,
    optionTimeoutMs,
    inactivityMs: 120_000,
    wrongPasswordsMax: 2,
    ...(sendEveryMs !== undefined && { sendEveryMs }),
  });
  return {
    receive(chunk) {
      for (const listener of listeners) listener(chunk);
    },
    end() {
      for (const end of ends) end();
    },
  };
}

/** As `openLine`, for a meter whose frames come in datagrams: anything else than one whole frame is nobody's. */
export function openDatagramLine(device: MeterDevice, open: Outlet, fault?: Fault): MeterLine {
  const outlet = fault ? spoil(open, fault, device.meter.description.key) : open;
  const server = new MeterServer(device, tamperingOf(fault));
  let before = Promise.resolve();
  return {
    receive(datagram) {
      const frame = wholeFrame(datagram);
      if (!frame || frame.destinationPort !== managementDevice) return;
      before = before.then(() => answerFrame(server, frame, outlet));
    },
  };
}

function wholeFrame(datagram: Uint8Array): WrapperFrame | undefined {
  try {
    const taken = takeWrapperFrame(datagram, requestLengthMax);
    return taken?.end === datagram.length ? taken.frame : undefined;
  } catch {
    return undefined;
  }
}

async function answerFrame(server: MeterServer, frame: WrapperFrame, outlet: Outlet): Promise<void> {
  const { sourcePort, destinationPort, apdu } = frame;
  const answer = await server.answer(apdu, sourcePort);
  if (!answer) return;
  outlet.write(
    encodeWrapperFrame({ sourcePort: destinationPort, destinationPort: sourcePort, apdu: answer }),
  );
}

function wrapperLine(server: MeterServer, outlet: Outlet): MeterLine {
  let received: Uint8Array = new Uint8Array(0);
  let answering = false;
  const next = () => {
    try {
      const taken = takeWrapperFrame(received, requestLengthMax);
      received = taken ? received.subarray(taken.end) : received;
      return taken?.frame;
    } catch {
      // No wrapper, or an APDU that no reader of this meter sends: there is no way back into step.
      outlet.destroy();
      return undefined;
    }
  };
  /** Requests are answered in their order, one after the other. */
  const answerAll = async () => {
    answering = true;
    for (let frame = next(); frame; frame = next()) {
      if (frame.destinationPort === managementDevice) await answerFrame(server, frame, outlet);
    }
    if (received.length === 0) received = new Uint8Array(0);
    answering = false;
  };
  return {
    receive(chunk) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (!answering) void answerAll();
    },
  };
}

function hdlcLine(device: MeterDevice, server: MeterServer, outlet: Outlet, place: LinePlace): MeterLine {
  const station = new HdlcStation(
    {
      logical: managementDevice,
      ...device.meter.hdlc,
      ...(place.physical !== undefined && { physical: place.physical }),
      apduLengthMax: requestLengthMax,
    },
    {
      write: (bytes) => outlet.write(bytes),
      onApdu: (apdu, client) => server.answer(apdu, client),
      onConnect: () => server.reset(),
      onDisconnect: () => server.reset(),
    },
  );
  return { receive: (chunk) => station.receive(chunk) };
}
