import { connect, type Socket } from "node:net";
import type { ByteStream, Clock } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { guardedLookup, type MayDial } from "./guarded-lookup.ts";
import type { HeldBytes } from "./held-bytes.ts";
import { type ReadLimits, readLimits } from "./limits.ts";

/**
 * One TCP connection to a device. Its bytes go to the stream that was asked for last: an association that is over, or
 * the registration, cannot hear what is meant for the next one.
 */
export class TcpLine {
  readonly remoteAddress: string;
  bytesSent = 0;
  bytesReceived = 0;
  /** When bytes last came, by the clock. */
  lastReceivedMs: number;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #bytesUnasked: number;
  /** Of the lines that were called in: nobody chose how many there are. */
  readonly #held: HeldBytes | undefined;
  #unasked = 0;
  #current: { bytes: ((chunk: Uint8Array) => void)[]; ends: ((cause?: Error) => void)[] } | undefined;
  #early: Uint8Array[] = [];
  #end: { cause?: Error } | undefined;
  #onEnd: ((cause?: Error) => void)[] = [];

  constructor(socket: Socket, clock: Clock, bounds: ReadLimits = readLimits, held?: HeldBytes) {
    this.#held = held;
    this.#socket = socket;
    this.#clock = clock;
    this.#bytesUnasked = bounds.bytesUnasked;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.lastReceivedMs = clock.now();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("error", (cause) => this.#ended(cause));
    socket.on("close", () => this.#ended());
    socket.on("end", () => this.close());
  }

  get open(): boolean {
    return this.#end === undefined;
  }

  onEnd(listener: (cause?: Error) => void): void {
    if (this.#end) listener(this.#end.cause);
    else this.#onEnd.push(listener);
  }

  /** A new stream over this line; the one before hears nothing more. Closing the stream closes the line. */
  stream(): ByteStream {
    const hearers = { bytes: [] as ((chunk: Uint8Array) => void)[], ends: [] as ((cause?: Error) => void)[] };
    this.#current = hearers;
    return {
      write: (bytes) => this.write(bytes),
      onBytes: (listener) => {
        hearers.bytes.push(listener);
        for (const chunk of this.#early.splice(0)) listener(chunk);
      },
      onEnd: (listener) => {
        if (this.#end) listener(this.#end.cause);
        else hearers.ends.push(listener);
      },
      close: () => this.close(),
    };
  }

  /** Puts bytes back that a stream took and did not understand: the next stream gets them first. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#early.push(bytes);
  }

  write(bytes: Uint8Array): void {
    if (this.#end) return;
    this.bytesSent += bytes.length;
    this.#forgetUnasked();
    this.#socket.write(bytes);
  }

  close(): void {
    if (this.#end) return;
    this.#ended();
    // What is written already may still leave; a peer that does not close its side is cut.
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), 1000);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #receive(chunk: Uint8Array): void {
    if (this.#end) return;
    this.bytesReceived += chunk.length;
    this.#unasked += chunk.length;
    this.#held?.take(this.#socket, chunk.length);
    this.lastReceivedMs = this.#clock.now();
    if (this.#unasked > this.#bytesUnasked) {
      this.#ended(
        new DriverError("line.flood", `more than ${this.#bytesUnasked} bytes that nobody asked for`),
      );
      this.#socket.destroy();
      return;
    }
    if (this.#current && this.#current.bytes.length > 0) {
      for (const listener of this.#current.bytes) listener(chunk);
    } else {
      this.#early.push(chunk);
    }
  }

  #forgetUnasked(): void {
    const bytes = this.#unasked;
    this.#unasked = 0;
    this.#held?.give(bytes);
  }

  #ended(cause?: Error): void {
    if (this.#end) return;
    this.#end = cause === undefined ? {} : { cause };
    this.#held?.forget(this.#socket);
    this.#forgetUnasked();
    // What still comes is for nobody; a socket that is not read would not notice its end.
    this.#socket.resume();
    for (const listener of this.#current?.ends ?? []) listener(cause);
    for (const listener of this.#onEnd) listener(cause);
  }
}

const dialCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: "dial.refused",
  EHOSTUNREACH: "dial.unreachable",
  ENETUNREACH: "dial.unreachable",
  ENOTFOUND: "dial.unknown-host",
  EAI_AGAIN: "dial.unknown-host",
  ECONNRESET: "dial.refused",
  ETIMEDOUT: "dial.timeout",
};

/**
 * Dials a device.
 * @throws DriverError `dial.timeout`, `dial.refused`, `dial.unreachable`, `dial.unknown-host`, `dial.failed`,
 *   `dial.not-allowed`, `read.cancelled`
 */
export async function dial(
  address: { readonly host: string; readonly port: number },
  clock: Clock,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly limits?: ReadLimits;
    readonly mayDial?: MayDial | undefined;
  } = {},
): Promise<TcpLine> {
  if (options.signal?.aborted) throw new DriverError("read.cancelled");
  const bounds = options.limits ?? readLimits;
  const { host, port } = address;
  const guard = options.mayDial && { lookup: guardedLookup(host, port, options.mayDial) };
  const socket = connect({ host, port, ...guard });
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(bounds.dialMs, () => reject(new DriverError("dial.timeout")));
      const stop = () => reject(new DriverError("read.cancelled"));
      options.signal?.addEventListener("abort", stop, { once: true });
      const settle = () => {
        cancel();
        options.signal?.removeEventListener("abort", stop);
      };
      socket.once("connect", () => {
        settle();
        resolve();
      });
      socket.once("error", (cause: NodeJS.ErrnoException) => {
        settle();
        if (cause instanceof DriverError) return reject(cause);
        const code = dialCodes[cause.code ?? ""] ?? "dial.failed";
        reject(
          new DriverError(code, `${address.host}:${address.port}: ${cause.code ?? cause.message}`, cause),
        );
      });
    });
  } catch (error) {
    socket.on("error", () => {});
    socket.destroy();
    throw error;
  }
  return new TcpLine(socket, clock, bounds);
}
