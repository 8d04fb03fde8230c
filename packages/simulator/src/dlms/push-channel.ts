import { decodeApdu, SecureChannel } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import type { MeterDevice } from "./meter-device.ts";

/** Client address of pushes, as IDIS meters use it. */
export const pushClient = 0x66;

/** What a meter that ciphers protects its pushes with, outside any association; `undefined` for one that does not. */
export function pushChannel({ security, keys, counters }: MeterDevice): SecureChannel | undefined {
  if (!security?.ciphered) return undefined;
  return new SecureChannel({
    suite: security.suite,
    encryptionKey: keys.encryption,
    authenticationKey: keys.authentication,
    systemTitle: security.systemTitle,
    counters,
    ciphers: nodeCiphers,
  });
}

/** Takes the confirmation of a push, in the clear or ciphered as the push was. One that is none, or does not open, confirms nothing. */
export async function takeConfirmation(device: MeterDevice, bytes: Uint8Array): Promise<void> {
  try {
    const opened = await pushChannel(device)?.openBytes(bytes);
    const apdu = decodeApdu(opened?.apdu ?? bytes);
    if (apdu.kind === "data-notification-confirm") device.confirm(apdu.longInvokeId & 0xff_ffff);
  } catch {
    // Nobody waits for an answer to a confirmation.
  }
}
