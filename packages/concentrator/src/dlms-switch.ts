import { type DeviceUrl, DriverError, type ReadRequest, withDlms } from "@energsys/drivers";
import type { ByteStream, Clock } from "@energsys/protocols";
import { data, integerOf } from "@energsys/protocols/dlms";
import type { OrderKind } from "./edge.ts";
import { ConcentratorError } from "./errors.ts";

/** The disconnector of a meter: class 70 (IEC 62056-6-2), under the code of the only one that a meter has. */
const disconnector = { classId: 70, obis: "0-0:96.3.10*255" } as const;
const methods = { disconnect: 1, reconnect: 2 } as const;
const readyForReconnection = 2n;

/** A DLMS meter on a line that is lent for one association. */
export interface SwitchedMeter {
  readonly url: DeviceUrl;
  readonly request: ReadRequest;
  /** Name that the meter must give itself. */
  readonly name: string;
  readonly clock: Clock;
  readonly stream: ByteStream;
  readonly signal: AbortSignal;
}

export interface SwitchSeen {
  /** The output as read back; absent where the meter has no disconnector. */
  readonly state: boolean | undefined;
  /** Why the meter did not follow; empty when it did. */
  readonly error: string;
}

/**
 * Reads the output, gives the command unless it is fulfilled or no longer wanted, and reads back. Without a command it only reads.
 * @throws LinkError, DriverError `identity.mismatch`: another meter stands there, and is not touched
 */
export function switchDlms(
  { url, request, name, clock, stream, signal }: SwitchedMeter,
  order?: OrderKind,
): Promise<SwitchSeen> {
  if (url.protocol !== "dlms") throw new ConcentratorError("device.no-dlms", name);
  return withDlms(url, request, { clock, stream, signal }, async (dlms) => {
    const { identification } = dlms.session;
    if (identification !== name) {
      throw new DriverError("identity.mismatch", `${identification} answers in place of ${name}`);
    }
    const output = async () => {
      const value = await dlms.find(disconnector.classId, disconnector.obis, 2);
      return value?.type === "boolean" ? value.value : undefined;
    };
    const first = await output();
    if (order === undefined || first === undefined || first === (order === "reconnect")) {
      return { state: first, error: "" };
    }
    const { actionResult } = await dlms.client.action(
      { ...disconnector, method: methods[order] },
      data.int8(0),
    );
    const state = await output();
    if (state === (order === "reconnect")) return { state, error: "" };
    if (actionResult !== "success") return { state, error: actionResult };
    const control = await dlms.find(disconnector.classId, disconnector.obis, 3);
    const ready = control !== undefined && integerOf(control) === readyForReconnection;
    return { state, error: ready ? "ready for reconnection by hand at the meter" : "" };
  });
}
