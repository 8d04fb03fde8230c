import { bytesOfSecret, type DeviceSecret, type SecretKind, secretKinds } from "@energsys/metering";
import type { KeyRing } from "./secrets/key-ring.ts";
import type { GivenKey } from "./secrets/meter-keys.ts";
import type { SecretPlace } from "./secrets/places.ts";

const kindNames = Object.keys(secretKinds) as SecretKind[];

/** A device's secrets as keys of its own (`meter_key`). A password is text, also where it is written in digits. */
export function keysOfSecret(deviceId: number, secret: DeviceSecret): GivenKey[] {
  return kindNames.flatMap((kind) => {
    const value = secret[kind];
    if (value === undefined) return [];
    const bytes = kind === "password" ? new TextEncoder().encode(value) : bytesOfSecret(kind, value);
    return [{ deviceId, kind: secretKinds[kind].key, value: bytes }];
  });
}

/** Place of the secrets that a queued trial carries: there is no device yet to bind them to. */
const trialPlace: SecretPlace = { table: "attempt", row: "trial", kind: "trial" };

/** The secrets of a trial, sealed, in hexadecimal digits as its request has them. */
export async function sealTrialSecret(ring: KeyRing, secret: DeviceSecret): Promise<string> {
  return (await ring.sealField(trialPlace, JSON.stringify(secret))).toString("hex");
}

/** @throws StoreError `secret.unreadable` */
export async function openTrialSecret(ring: KeyRing, secretHex: string): Promise<DeviceSecret> {
  const opened = await ring.openField(trialPlace, Buffer.from(secretHex, "hex"));
  return JSON.parse(opened.reveal()) as DeviceSecret;
}
