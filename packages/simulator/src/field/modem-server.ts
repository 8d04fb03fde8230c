import { listenForOne, type OneAtATime } from "./one-at-a-time.ts";
import { VirtualModem, type VirtualModemOptions } from "./virtual-modem.ts";

export interface ModemServer extends OneAtATime {
  /** The modem of the computer that is connected now. */
  modem(): VirtualModem | undefined;
}

/**
 * A modem behind a serial server: whoever connects last has it, and finds it as after power on.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function listenModem(
  options: VirtualModemOptions,
  place: { readonly host?: string; readonly port?: number } = {},
): Promise<ModemServer> {
  let modem: VirtualModem | undefined;
  const server = await listenForOne(place, (stream) => {
    modem = new VirtualModem(stream, options);
  });
  return { ...server, modem: () => modem };
}
