import { randomInt } from "node:crypto";
import { replaceRecoveryCodes, useRecoveryCode } from "@energsys/store";
import type { Services } from "../services.ts";

/** Letters and digits that nobody takes for one another. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
const count = 10;
const length = 16;

/** Ten new codes of 79 bits each, `abcd-efgh-jkmn-pqrs`; the old ones no longer open. */
export async function makeRecoveryCodes({ db }: Services, accountId: number): Promise<string[]> {
  const codes = Array.from({ length: count }, () =>
    Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(""),
  );
  await replaceRecoveryCodes(db, { accountId, codes });
  return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, "$1-"));
}

/** Uses a code up, however it was typed. */
export function spendRecoveryCode({ db, now }: Services, accountId: number, typed: string): Promise<boolean> {
  const code = typed.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return useRecoveryCode(db, { accountId, code, nowMs: now() });
}
