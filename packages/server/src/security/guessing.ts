import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { forgetSignInFailures, releaseSignIn, reserveSignIn } from "@energsys/store";
import type { FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { guessingAddress } from "./networks.ts";

/**
 * One try to show who one is: counted as a failure before it is made, by what is tried (`account ana`, `factor 17`) and by the
 * address that it comes from. `check` gives what the try proves, or `undefined` when it proves nothing.
 * @throws Problem `sign-in.slow-down` too soon after another, or what `refusal` makes
 */
export async function tryOnce<Proven>(
  { services, request }: { services: Services; request: FastifyRequest },
  subject: string,
  check: () => Promise<Proven | undefined>,
  refusal: () => Problem,
): Promise<Proven> {
  const { db, limits, policies } = services;
  // People type passwords where their name belongs: what was tried is counted by a hash that nobody else can make.
  const account = `#${createHmac("sha256", services.guessKey).update(subject).digest("base64url")}`;
  const reservedAtMs = services.now();
  const address = `address ${guessingAddress(request.ip)}`;
  const subjects = [account, address];
  const backOffMaxMs = (await policies.read()).backOffSecondsMax * 1_000;
  const { waitMs } = await reserveSignIn(db, { subjects, nowMs: reservedAtMs, backOffMaxMs });
  if (waitMs > 0) throw new Problem("sign-in.slow-down", { retryAfterSeconds: Math.ceil(waitMs / 1_000) });

  const startedMs = performance.now();
  let proven: Proven | undefined;
  try {
    proven = await check();
  } catch (error) {
    // Nothing was tried: who came while others were being checked must not wait for that.
    if (error instanceof Problem && error.code === "sign-in.slow-down") {
      await releaseSignIn(db, { subjects, reservedAtMs });
    }
    throw error;
  }
  if (proven === undefined) {
    const tookMs = performance.now() - startedMs;
    await wait(Math.ceil(tookMs / limits.refusalMs) * limits.refusalMs - tookMs);
    throw refusal();
  }
  await forgetSignInFailures(db, { account, address, reservedAtMs });
  return proven;
}
