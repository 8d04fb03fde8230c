import type { ByteStream, Clock } from "@energsys/protocols";
import type { ReadOptions } from "./device-reading.ts";
import { callByModem } from "./modem-call.ts";
import { openSerial } from "./serial-line.ts";
import { waitForTurn } from "./serial-turns.ts";
import { dial } from "./tcp-line.ts";
import type { ModemLine } from "./url.ts";

/**
 * Dials the number of a device when it is the modem's turn; closing the stream hangs up. Between computer and modem the rate is
 * fixed and the characters have eight bits, whatever the meter speaks.
 * @throws DriverError `modem.*`, `serial.*`, `dial.*`, `read.cancelled`
 */
export async function openModemLine(
  line: ModemLine,
  options: Pick<ReadOptions, "clock" | "signal" | "limits" | "mayDial">,
): Promise<ByteStream> {
  const { clock, signal } = options;
  const { via, number, dialling, init, answerSeconds } = line;
  const place = via.kind === "serial" ? via.path : `${via.host}:${via.port}`;
  const leave = await waitForTurn(place, signal);
  try {
    const opened = await openVia(via, clock, options);
    const call = await callByModem(
      opened.stream,
      clock,
      {
        number,
        dialling,
        ...(init !== undefined && { init }),
        connectMs: answerSeconds * 1000,
        signal,
      },
      opened.carrier,
    ).catch(async (error: unknown) => {
      await opened.closed;
      throw error;
    });
    void call.released.then(() => opened.closed).then(leave);
    return call;
  } catch (error) {
    leave();
    throw error;
  }
}

interface OpenedVia {
  readonly stream: ByteStream;
  readonly carrier?: () => Promise<boolean | undefined>;
  /** The port is free for the next call. */
  readonly closed: Promise<void>;
}

async function openVia(
  via: ModemLine["via"],
  clock: Clock,
  options: Pick<ReadOptions, "signal" | "limits" | "mayDial">,
): Promise<OpenedVia> {
  if (via.kind === "tcp") {
    const { signal, limits, mayDial } = options;
    const stream = (await dial(via, clock, { signal, mayDial, ...(limits ? { limits } : {}) })).stream();
    return { stream, closed: Promise.resolve() };
  }
  const stream = await openSerial(via.path, clock, {
    settings: { baudRate: via.baudRate ?? 9600, dataBits: 8, parity: "none" },
  });
  return { stream, carrier: () => stream.carrier(), closed: stream.released };
}
