import { addTotp, findTotps, openSecret, sealSecret, useTotpStep } from "@energsys/store";
import { Secret, TOTP } from "otpauth";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";

const periodSeconds = 30;
/** Clocks of telephones: the code before and the code after are taken too. */
const window = 1;

const context = (accountId: number) => `account ${accountId} totp`;

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
  { db, masterKey, now }: Services,
  account: { readonly accountId: number; readonly name: string },
  label: string,
): Promise<{ secret: string; address: string }> {
  if (!masterKey) throw new Problem("factor.no-key");
  const { accountId } = account;
  const secret = new Secret({ size: 20 }).base32;
  const sealedSecret = sealSecret(masterKey, context(accountId), secret);
  await addTotp(db, { accountId, label, sealedSecret, nowMs: now() });
  return { secret, address: totp(secret, account.name).toString() };
}

/** Whether the code is one of the account's authenticators, at this minute and not used before. */
export async function checkTotp(
  { db, masterKey, now }: Services,
  accountId: number,
  code: string,
  { confirmed }: { confirmed: boolean },
): Promise<boolean> {
  if (!masterKey) return false;
  const nowMs = now();
  for (const { factorId, sealedSecret } of await findTotps(db, { accountId, confirmed })) {
    const secret = openSecret(masterKey, context(accountId), sealedSecret);
    const delta = totp(secret, "").validate({ token: code, timestamp: nowMs, window });
    if (delta === null) continue;
    const step = Math.floor(nowMs / 1_000 / periodSeconds) + delta;
    if (await useTotpStep(db, { factorId, step, nowMs })) return true;
  }
  return false;
}
