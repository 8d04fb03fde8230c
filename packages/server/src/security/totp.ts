import { addTotp, findTotps, type SecretPlace, useTotpStep } from "@energsys/store";
import { Secret, TOTP } from "otpauth";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";

const periodSeconds = 30;
/** Clocks of telephones: the code before and the code after are taken too. */
const window = 1;

const placeOf = (accountId: number): SecretPlace => ({
  table: "second_factor",
  row: accountId,
  kind: "second-factor",
});

const totp = (secret: string, label: string) =>
  new TOTP({
    issuer: "ENERGSys",
    label,
    algorithm: "SHA1",
    digits: 6,
    period: periodSeconds,
    secret: Secret.fromBase32(secret),
  });

/**
 * A new secret for an authenticator, sealed and not yet counting. The address is what its picture holds.
 * @throws Problem `factor.no-key` when the secret could not be sealed
 */
export async function beginTotp(
  { db, keyRing, now }: Services,
  account: { readonly accountId: number; readonly name: string },
  label: string,
): Promise<{ secret: string; address: string }> {
  if (!keyRing) throw new Problem("factor.no-key");
  const { accountId } = account;
  const secret = new Secret({ size: 20 }).base32;
  const sealedSecret = await keyRing.sealField(placeOf(accountId), secret);
  await addTotp(db, { accountId, label, sealedSecret, nowMs: now() });
  return { secret, address: totp(secret, account.name).toString() };
}

/** Whether the code is one of the account's authenticators, at this minute and not used before. */
export async function checkTotp(
  { db, keyRing, now }: Services,
  accountId: number,
  code: string,
  { confirmed }: { confirmed: boolean },
): Promise<boolean> {
  if (!keyRing) return false;
  const nowMs = now();
  for (const { factorId, sealedSecret } of await findTotps(db, { accountId, confirmed })) {
    const secret = (await keyRing.openField(placeOf(accountId), sealedSecret)).reveal();
    const delta = totp(secret, "").validate({ token: code, timestamp: nowMs, window });
    if (delta === null) continue;
    const step = Math.floor(nowMs / 1_000 / periodSeconds) + delta;
    if (await useTotpStep(db, { factorId, step, nowMs })) return true;
  }
  return false;
}
