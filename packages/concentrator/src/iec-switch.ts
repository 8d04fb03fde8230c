import {
  type DeviceUrl,
  DriverError,
  type IecProgramming,
  type ReadRequest,
  withIecProgramming,
} from "@energsys/drivers";
import type { ByteStream, Clock } from "@energsys/protocols";
import type { SwitchSeen } from "./dlms-switch.ts";
import type { OrderKind } from "./edge.ts";
import { ConcentratorError } from "./errors.ts";
import { meterName } from "./meter-reading.ts";

/** A meter of IEC 62056-21 on a line that is lent for one programming mode. */
export interface ProgrammedMeter {
  readonly url: DeviceUrl;
  /** `model` says what it lets be written. */
  readonly request: ReadRequest;
  /** Name that the meter must have by its own words. */
  readonly name: string;
  readonly clock: Clock;
  readonly stream: ByteStream;
  readonly signal: AbortSignal;
}

/** @throws as `withIecProgramming` */
export function programIec<Result>(
  { url, request, name, clock, stream, signal }: ProgrammedMeter,
  work: (programming: IecProgramming) => Promise<Result>,
): Promise<Result> {
  if (url.protocol !== "iec62056-21") throw new ConcentratorError("order.no-output");
  const check = (session: IecProgramming["session"]) => {
    const found = meterName(session, name);
    if (found !== name) throw new DriverError("identity.mismatch", `${found} answers in place of ${name}`);
  };
  return withIecProgramming(url, request, { clock, stream, signal }, check, work);
}

/**
 * Reads the output in programming mode, gives the command unless it is fulfilled, and reads back; without a command it only reads. A
 * command is written once: a meter that does not acknowledge it may have followed all the same.
 * @throws LinkError, DriverError `identity.mismatch`: another meter stands there, and is not touched
 */
export function switchIec(meter: ProgrammedMeter, order?: OrderKind): Promise<SwitchSeen> {
  const address = meter.request.model?.programmed?.output;
  if (address === undefined) throw new ConcentratorError("order.no-output");
  return programIec(meter, async ({ reader }) => {
    const output = async (): Promise<boolean | undefined> => {
      const { error, dataSets } = await reader.read("R1", address);
      const value = error === undefined ? dataSets[0]?.values[0]?.value : undefined;
      // 0 disconnected, 1 connected, 2 ready for a reconnection by hand: not connected.
      return value === "1" ? true : value === "0" || value === "2" ? false : undefined;
    };
    const first = await output();
    if (order === undefined || first === undefined || first === (order === "reconnect"))
      return { state: first, error: "" };
    const outcome = await reader.write("W1", address, order === "reconnect" ? "1" : "0");
    const state = await output();
    return { state, error: state === (order === "reconnect") || outcome.ok ? "" : outcome.error };
  });
}
