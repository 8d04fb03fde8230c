import { connect, type Socket } from "node:net";
import { type Clock, encodeObis } from "@energsys/protocols";
import { data, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame } from "@energsys/protocols/wrapper";
import { dateTimeBytes } from "../dlms/date-time.ts";
import { eventCodes, logOfEntry } from "../dlms/event-logs.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { octets, octetText } from "../dlms/values.ts";
import type { Fault, Outlet } from "../faults.ts";
import type { Happening } from "../load/happenings.ts";
import { between } from "../random.ts";
import { type MeterLine, openLine } from "./meter-line.ts";

export interface CallingOptions {
  readonly host: string;
  readonly port: number;
  readonly fault?: Fault;
  readonly clock: Clock;
  /** Silence on the line after which the meter announces itself again. */
  readonly heartbeatMs: number;
  /** The first calls of a town are spread over this time. */
  readonly spreadMs: number;
}

const retryFirstMs = 1000;
const retryMostMs = 60_000;
/** Client address of pushes, as IDIS meters use it. */
const pushClient = 0x66;

/**
 * A meter that calls the head-end: connects, announces itself by a DataNotification with its logical device name, then answers
 * reads on the same connection. It calls again after a loss, later each time and never at the same moment as the others.
 * It has no timer: `tick` is called for all of them by one.
 */
export class CallingMeter {
  #device: MeterDevice;
  readonly #options: CallingOptions;
  #socket: Socket | undefined;
  #line: MeterLine | undefined;
  #outlet: Outlet | undefined;
  #nextCallMs: number;
  #failures = 0;
  #calls = 0;
  #lastMs = 0;
  #stopped = false;

  constructor(device: MeterDevice, options: CallingOptions) {
    this.#device = device;
    this.#options = options;
    this.#nextCallMs = options.clock.now() + between(0, options.spreadMs, this.#key, 0xca11);
  }

  get #key(): number {
    return this.#device.meter.description.key;
  }

  tick(nowMs: number): void {
    if (this.#stopped) return;
    if (!this.#socket) {
      if (nowMs >= this.#nextCallMs) this.#call();
    } else if (this.#outlet && nowMs - this.#lastMs >= this.#options.heartbeatMs) {
      this.#announce();
    }
  }

  /** Another meter is put in its place, with the modem that calls. */
  exchange(device: MeterDevice): void {
    this.#device.line = undefined;
    this.#device.meter.onRecord = undefined;
    this.#device = device;
    this.#socket?.destroy();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.destroy();
  }

  #call(): void {
    const { host, port, fault, clock } = this.#options;
    this.#calls += 1;
    const socket = connect({ host, port });
    this.#socket = socket;
    socket.setNoDelay(true);
    const open: Outlet = {
      write: (bytes) => {
        if (!socket.destroyed) socket.write(bytes);
      },
      destroy: () => {
        socket.destroy();
      },
    };
    socket.on("connect", () => {
      this.#outlet = open;
      this.#device.line = (apdu) => this.#send(apdu);
      this.#device.meter.onRecord = (happening) => this.#tell(happening);
      this.#line = openLine(this.#device, open, clock, fault);
      this.#announce();
    });
    socket.on("data", (chunk: Uint8Array) => {
      // Only bytes from the other side show that somebody is there; then a next loss is retried soon.
      this.#lastMs = clock.now();
      this.#failures = 0;
      this.#line?.receive(chunk);
    });
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#device.line = undefined;
      this.#device.meter.onRecord = undefined;
      this.#line = undefined;
      this.#outlet = undefined;
      this.#failures += 1;
      const wait = Math.min(retryMostMs, retryFirstMs * 2 ** (this.#failures - 1));
      const jitter = between(0.5, 1.5, this.#key, 0x3a1f, this.#calls);
      this.#nextCallMs = clock.now() + wait * jitter;
    });
  }

  #announce(): void {
    this.#lastMs = this.#options.clock.now();
    const { meter, claim } = this.#device;
    const name = data.structure(
      data.uint16(1),
      octets(encodeObis("0-0:42.0.0*255")),
      data.int8(2),
      data.uint16(0),
    );
    const apdu = encodeApdu({
      kind: "data-notification",
      longInvokeId: this.#device.nextPush(),
      dateTime: dateTimeBytes(meter.local(meter.now())),
      body: data.structure(data.array(name), octetText(claim.identity)),
    });
    this.#send(apdu);
  }

  /**
   * EventNotification of what stands in the log of fraud or of the disconnector, by the meters that have these and do not
   * cipher: no reader could tell a ciphered one from the answer that it waits for.
   */
  #tell(happening: Happening): void {
    const { meter, security } = this.#device;
    const log = logOfEntry(happening);
    if (!security || security.ciphered || log.name === "standard") return;
    const apdu = encodeApdu({
      kind: "event-notification",
      dateTime: dateTimeBytes(meter.local(happening.atMs)),
      attribute: { classId: 1, obis: log.codeObis, attribute: 2 },
      data: data.uint8(eventCodes[happening.kind]),
    });
    // What the meter is just answering goes first.
    setImmediate(() => this.#send(apdu));
  }

  #send(apdu: Uint8Array): void {
    this.#outlet?.write(encodeWrapperFrame({ sourcePort: 1, destinationPort: pushClient, apdu }));
  }
}
