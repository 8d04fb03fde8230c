import { devicePasswordContext, openSecret, trialPasswordContext } from "@energsys/store";
import { HeadendError } from "./errors.ts";

/**
 * The password of a device, or `undefined` when it has none.
 * @throws HeadendError `secret.no-key`; StoreError `secret.unreadable`
 */
export function openDevicePassword(
  masterKey: Uint8Array | undefined,
  device: { readonly identity: string; readonly secret: Uint8Array | null },
): string | undefined {
  if (device.secret === null) return undefined;
  return openSecret(needKey(masterKey), devicePasswordContext(device.identity), device.secret);
}

/** The password of a trial, sealed and in hexadecimal digits as the request has it. */
export function openTrialPassword(
  masterKey: Uint8Array | undefined,
  secretHex: string | undefined,
): string | undefined {
  if (secretHex === undefined) return undefined;
  return openSecret(needKey(masterKey), trialPasswordContext, Buffer.from(secretHex, "hex"));
}

function needKey(masterKey: Uint8Array | undefined): Uint8Array {
  if (!masterKey)
    throw new HeadendError("secret.no-key", "the device has a password and this head-end no master key");
  return masterKey;
}
