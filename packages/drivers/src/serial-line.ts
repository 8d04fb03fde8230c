import type { ByteStream, Clock, LineSettings } from "@energsys/protocols";
import { withEvenParity, withoutParity } from "@energsys/protocols/iec62056-21";
import type { SerialPort } from "serialport";
import { DriverError } from "./errors.ts";
import { correctBinding } from "./serial-binding.ts";

export interface SerialLineOptions {
  /** Rate and form to begin with; 9600 baud 8N1 unless told. */
  readonly settings?: LineSettings;
  /** Control lines, which feed some optical heads and switch the direction of some converters; left alone unless told. */
  readonly dtr?: boolean;
  readonly rts?: boolean;
}

export interface SerialStream extends ByteStream {
  setLine(settings: LineSettings): Promise<void>;
  /** Characters that came with odd parity while the line was 7E1: a wrong rate, or noise. */
  readonly parityErrors: number;
  /** Whether a modem on this port shows carrier (DCD); `undefined` where the port cannot tell. */
  carrier(): Promise<boolean | undefined>;
  /** The port is free for another program or reading, which is a little after the stream's end. */
  readonly released: Promise<void>;
}

const defaultSettings: LineSettings = { baudRate: 9600, dataBits: 8, parity: "none" };
/** Bytes that leave after the line is closed, such as the break that ends a session. */
const drainMs = 1000;

const codes: readonly (readonly [RegExp, string])[] = [
  [/no such file|file not found|enoent/i, "serial.unknown"],
  [/permission|access denied|eacces/i, "serial.denied"],
  [/lock|busy|resource temporarily/i, "serial.busy"],
];

const evenOnes = (byte: number): boolean => {
  let ones = byte ^ (byte >> 4);
  ones ^= ones >> 2;
  return ((ones ^ (ones >> 1)) & 1) === 0;
};

/**
 * Opens a serial port. The port itself always runs 8N1, and the parity of 7E1 is made and taken off here: both have ten
 * bits to a character, so it is the same on the wire; the form can change without closing the port, which would cut the
 * supply of an optical head; and pseudo terminals, which know no parity, work alike.
 * The library is loaded with the first port: whoever reads by TCP alone, such as a packed concentrator, needs none.
 * @throws DriverError `serial.unknown`, `serial.denied`, `serial.busy`, `serial.failed`, `serial.not-installed`
 */
export async function openSerial(
  path: string,
  clock: Clock,
  options: SerialLineOptions = {},
): Promise<SerialStream> {
  const { settings = defaultSettings } = options;
  const { SerialPort } = await import("serialport").catch((cause: unknown) => {
    throw new DriverError("serial.not-installed", "the package serialport is not installed here", cause);
  });
  const port = new SerialPort({ path, baudRate: settings.baudRate, autoOpen: false });
  await called((done) => port.open(done), path);
  correctBinding(port.port);
  const { dtr, rts } = options;
  if (dtr !== undefined || rts !== undefined) {
    const lines = { ...(dtr === undefined ? {} : { dtr }), ...(rts === undefined ? {} : { rts }) };
    await called((done) => port.set(lines, done), path).catch((error: unknown) => {
      port.close(() => undefined);
      throw error;
    });
  }
  return new OpenSerialLine(port, clock, settings);
}

function called(call: (done: (error: Error | null) => void) => void, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (!error) resolve();
      else {
        const code = codes.find(([pattern]) => pattern.test(error.message))?.[1] ?? "serial.failed";
        reject(new DriverError(code, `${path}: ${error.message}`, error));
      }
    });
  });
}

class OpenSerialLine implements SerialStream {
  parityErrors = 0;
  readonly released: Promise<void>;
  readonly #port: SerialPort;
  readonly #clock: Clock;
  #settings: LineSettings;
  #hearers: ((bytes: Uint8Array) => void)[] = [];
  #ends: ((cause?: Error) => void)[] = [];
  #end: { cause?: Error } | undefined;

  constructor(port: SerialPort, clock: Clock, settings: LineSettings) {
    this.#port = port;
    this.#clock = clock;
    this.#settings = settings;
    port.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    port.on("error", (cause: Error) => this.#ended(cause));
    this.released = new Promise((resolve) => port.once("close", () => resolve()));
    port.on("close", (cause?: Error | null) => this.#ended(cause ?? undefined));
  }

  write(bytes: Uint8Array): void {
    if (this.#end) return;
    const evenParity = this.#settings.parity === "even";
    this.#port.write(evenParity ? withEvenParity(bytes) : bytes.slice());
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#hearers.push(listener);
  }

  onEnd(listener: (cause?: Error) => void): void {
    if (this.#end) listener(this.#end.cause);
    else this.#ends.push(listener);
  }

  /** What is written already leaves at the old rate. */
  async setLine(settings: LineSettings): Promise<void> {
    const { path } = this.#port;
    await called((done) => this.#port.drain(done), path);
    if (settings.baudRate !== this.#settings.baudRate) {
      await called((done) => this.#port.update({ baudRate: settings.baudRate }, done), path);
    }
    this.#settings = settings;
  }

  carrier(): Promise<boolean | undefined> {
    return new Promise((resolve) => {
      if (this.#end) resolve(undefined);
      else this.#port.get((error, status) => resolve(error ? undefined : status?.dcd));
    });
  }

  close(): void {
    if (this.#end) return;
    this.#ended();
    let closed = false;
    const close = (): void => {
      cancel();
      if (closed || !this.#port.isOpen) return;
      closed = true;
      this.#port.close(() => undefined);
    };
    // A line whose other end takes nothing never drains.
    const cancel = this.#clock.after(drainMs, close);
    this.#port.drain(close);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#end) return;
    let bytes = chunk;
    if (this.#settings.parity === "even") {
      for (const byte of chunk) if (!evenOnes(byte)) this.parityErrors++;
      bytes = withoutParity(chunk);
    }
    for (const listener of this.#hearers) listener(bytes);
  }

  #ended(cause?: Error): void {
    if (this.#end) return;
    this.#end = cause === undefined ? {} : { cause };
    for (const listener of this.#ends) listener(cause);
  }
}
