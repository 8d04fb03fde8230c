import type { ByteStream, Clock } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { ModemDialogue } from "./modem-dialogue.ts";

/** What a radio modem says of itself. */
export interface ModemState {
  /** `off`: it does not look for a network (no SIM card, refused, or switched to flight). */
  readonly network: "off" | "searching" | "registered";
  /** Received signal strength; absent where the modem does not know it. */
  readonly signalDbm?: number;
}

/** Registration with circuits, packets and LTE, in this order (3GPP TS 27.007, 7.2, 10.1.20, 10.1.22): one of them is enough. */
const registrations = ["+CREG?", "+CGREG?", "+CEREG?"] as const;

/**
 * Asks the modem at the other end of `line` for registration and signal, and closes the line. The call that the modem carries is not
 * disturbed: this is a port of its own, as modems with several ports have it.
 * @throws DriverError `modem.silent`, `modem.refused` (it knows no radio network), `modem.lost`, `read.cancelled`
 */
export async function askModem(line: ByteStream, clock: Clock, signal?: AbortSignal): Promise<ModemState> {
  const modem = new ModemDialogue(line, clock, signal);
  try {
    await modem.command("E0Q0V1");
    let network: ModemState["network"] | undefined;
    for (const asked of registrations) {
      const told = registrationIn(await refusable(modem.ask(asked)));
      if (told === "registered" || network === undefined || network === "off") network = told ?? network;
      if (network === "registered") break;
    }
    if (network === undefined) throw new DriverError("modem.refused", "it tells of no registration");
    const signalDbm = signalIn(await refusable(modem.ask("+CSQ")));
    return { network, ...(signalDbm !== undefined && { signalDbm }) };
  } finally {
    line.close();
  }
}

/** Without a SIM card some refuse the question itself: that is no answer, and no fault of the line. */
async function refusable(asked: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DriverError && (error.code === "modem.refused" || error.code === "modem.network"))
      return [];
    throw error;
  }
}

/** `+CREG: <n>,<stat>`: 1 at home, 5 roaming, 2 searching; 0, 3 and 4 mean that nothing comes of it by itself. */
function registrationIn(lines: readonly string[]): ModemState["network"] | undefined {
  for (const line of lines) {
    const [, stat] = /^\+C(?:G|E)?REG: ?\d,(\d)/.exec(line) ?? [];
    if (stat === undefined) continue;
    if (stat === "1" || stat === "5") return "registered";
    return stat === "2" ? "searching" : "off";
  }
  return undefined;
}

/** `+CSQ: <rssi>,<ber>`: 0 is -113 dBm or less, 31 is -51 or more, in steps of 2; 99 is not known (3GPP TS 27.007, 8.5). */
function signalIn(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const [, rssi] = /^\+CSQ: ?(\d{1,2}),/.exec(line) ?? [];
    if (rssi !== undefined && Number(rssi) <= 31) return -113 + 2 * Number(rssi);
  }
  return undefined;
}
