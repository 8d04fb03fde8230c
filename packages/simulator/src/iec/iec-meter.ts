import type { ByteStream } from "@energsys/protocols";
import type { DataSet, StationAnswer, StationDevice } from "@energsys/protocols/iec62056-21";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { type DataSetSource, type IecDialect, type IecKind, iecDialects } from "./dialects.ts";
import { logText, profileText } from "./profile-text.ts";
import { dateText, findInstant, findTime } from "./times.ts";

const error: StationAnswer = { kind: "error", text: "ERROR" };
const done: StationAnswer = { kind: "ack" };

/**
 * What a meter says and does on an IEC 62056-21 line; how it is spoken to is the station's matter. It reads out its dialect's
 * data sets, R1 and R2 them singly, R5 and R6 its profile and log; behind the password W1 and W5 set the clock and move the relay.
 */
export class IecMeter implements StationDevice {
  readonly #device: MeterDevice;
  readonly #dialect: IecDialect;
  readonly #address: string | undefined;
  #admitted = false;
  readonly binary?: (stream: ByteStream) => void;

  /**
   * @param binary takes the line over in mode E
   * @param address on a shared line, where it is not the serial number
   */
  constructor(device: MeterDevice, kind: IecKind, binary: (stream: ByteStream) => void, address?: string) {
    this.#device = device;
    this.#address = address;
    this.#dialect = iecDialects[kind];
    if (this.#dialect.identification.enhanced?.includes("2")) this.binary = binary;
  }

  get identification() {
    return this.#dialect.identification;
  }

  get address(): string {
    return this.#address ?? this.#device.claim.serial;
  }

  readout(): DataSet[] {
    return this.#dialect.readout(this.#device.meter).map((source) => this.#dataSet(source));
  }

  operand(): string {
    this.#admitted = false;
    return "";
  }

  admits(kind: "P1" | "P2", given: string): boolean {
    this.#admitted = kind === "P1" && given === String.fromCharCode(...this.#device.password);
    if (!this.#admitted) this.#device.meter.record("authentication-failure");
    return this.#admitted;
  }

  command(command: string, address: string, argument: string): StationAnswer {
    if (!this.#admitted && this.#dialect.passwordNeeded) return error;
    switch (command) {
      case "R1":
      case "R2":
      case "R3":
      case "R4":
        return this.#read(address);
      case "R5":
      case "R6":
        return this.#readStored(address, argument);
      case "W1":
      case "W5":
        return this.#dialect.writes ? this.#write(address, argument) : error;
      default:
        return error;
    }
  }

  #read(address: string): StationAnswer {
    const { meter } = this.#device;
    const relay = relayOf(address, this.#device);
    if (relay) return { kind: "data", dataSets: [{ address: "", values: [{ value: relay }] }] };
    const source = [...this.#dialect.readout(meter), ...this.#dialect.more].find(
      (candidate) => candidate.address === address,
    );
    return source ? { kind: "data", dataSets: [{ ...this.#dataSet(source), address: "" }] } : error;
  }

  #readStored(address: string, argument: string): StationAnswer {
    const { meter } = this.#device;
    if (!this.#dialect.profile || meter.description.withoutLoadCurve) return error;
    const [from, to] = argument.split(";");
    const fromMs = from ? findInstant(from, meter) : -Infinity;
    const toMs = to ? findInstant(to, meter) : Infinity;
    if (fromMs === undefined || toMs === undefined) return error;
    if (address !== "P.01" && address !== "P.98") return error;
    const text = address === "P.01" ? profileText : logText;
    return { kind: "text", body: text(meter, this.#dialect, fromMs, toMs) ?? `${address}(ERROR)` };
  }

  #write(address: string, argument: string): StationAnswer {
    const { meter } = this.#device;
    if (address === relayAddress && meter.description.relayMode !== undefined) {
      const command = { 0: "disconnect", 1: "reconnect" } as const;
      const wanted = command[argument as "0" | "1"];
      if (!wanted) return error;
      const already = meter.relayState === (wanted === "disconnect" ? 0 : 1);
      return already || meter.switchRelay("remote", wanted) ? done : error;
    }
    // Time of day or date alone: the other part stays; with a zone digit it is that of the time given.
    const now = meter.local(meter.now());
    const digits = argument.replace(/[:\-/ ]/g, "");
    const time = address === "0.9.1" ? findTime(dateText(now), digits, meter) : undefined;
    const date = address === "0.9.2" ? findTime(digits, timeOfDay(now), meter) : undefined;
    const instant = time ?? date;
    if (instant === undefined) return error;
    meter.setClock(instant);
    return done;
  }

  #dataSet({ address, text }: DataSetSource): DataSet {
    // A meter with a wrong identity lies in its serial number too.
    const own = text(this.#device.meter);
    const { serial } = this.#device.meter.description;
    const shown = own.trim() === serial ? own.replace(serial, this.#device.claim.serial) : own;
    const [value = "", unit] = shown.split("*");
    return { address, values: [{ value, ...(unit !== undefined && { unit }) }] };
  }
}

const relayAddress = "96.3.10";

/** State of the disconnector by the numbers of class 70: 0 disconnected, 1 connected, 2 ready for reconnection. */
const relayOf = (address: string, { meter }: MeterDevice): string | undefined =>
  address === relayAddress && meter.description.relayMode !== undefined
    ? String(meter.relayState)
    : undefined;

const two = (value: number) => String(value).padStart(2, "0");
const timeOfDay = ({ hour, minute, second }: { hour: number; minute: number; second: number }) =>
  two(hour) + two(minute) + two(second);
