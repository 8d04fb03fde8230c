import { addKey, findKeys, keepChallenge, takeChallenge, useKey } from "@energsys/store";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { noteSecurity } from "./notes.ts";
import type { Caller } from "./sessions.ts";

/** A key answers only to the host that it was made for; the gate has looked at the host already. */
const site = (request: FastifyRequest) => ({
  expectedRPID: request.hostname,
  expectedOrigin: `${request.protocol}://${request.host}`,
});

/** What a browser needs to make a key for this account. */
export async function beginKey(
  { db, now }: Services,
  request: FastifyRequest,
  { account, sessionSha256 }: Caller,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const known = await findKeys(db, account.accountId);
  const options = await generateRegistrationOptions({
    rpName: "ENERGSys",
    rpID: request.hostname,
    userID: new TextEncoder().encode(`account ${account.accountId}`),
    userName: account.name,
    userDisplayName: account.displayName,
    attestationType: "none",
    authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
  });
  await keepChallenge(db, { sha256: sessionSha256, challenge: options.challenge, nowMs: now() });
  return options;
}

/** Adds the key that a browser made. @throws Problem `factor.refused` when it is not for this session, host and challenge */
export async function storeKey(
  { db, now }: Services,
  request: FastifyRequest,
  { account, sessionSha256 }: Caller,
  { label, credential }: { label: string; credential: unknown },
): Promise<void> {
  const nowMs = now();
  const expectedChallenge = await takeChallenge(db, { sha256: sessionSha256, nowMs });
  if (expectedChallenge === undefined) throw new Problem("factor.refused");
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: credential as RegistrationResponseJSON,
    expectedChallenge,
    ...site(request),
    requireUserVerification: false,
  }).catch((cause) => {
    throw new Problem("factor.refused", {}, cause);
  });
  if (!verified) throw new Problem("factor.refused");
  const { id, publicKey, counter, transports } = registrationInfo.credential;
  const added = await addKey(db, {
    accountId: account.accountId,
    label,
    credentialId: id,
    publicKey,
    signCount: counter,
    transports: transports ?? [],
    nowMs,
  });
  if (!added) throw new Problem("factor.refused");
}

/** What a browser needs to let one of the account's keys sign. @throws Problem `factor.none` */
export async function challengeKeys(
  { db, now }: Services,
  request: FastifyRequest,
  { account, sessionSha256 }: Caller,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const known = await findKeys(db, account.accountId);
  if (known.length === 0) throw new Problem("factor.none");
  const options = await generateAuthenticationOptions({
    rpID: request.hostname,
    allowCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    userVerification: "preferred",
  });
  await keepChallenge(db, { sha256: sessionSha256, challenge: options.challenge, nowMs: now() });
  return options;
}

/** Whether one of the account's keys has signed the challenge of this session. A counter that fell betrays a copied key. */
export async function checkKey(
  services: Services,
  request: FastifyRequest,
  { account, sessionSha256 }: Caller,
  credential: { readonly id?: unknown },
): Promise<boolean> {
  const { db, now } = services;
  const nowMs = now();
  const { accountId } = account;
  const expectedChallenge = await takeChallenge(db, { sha256: sessionSha256, nowMs });
  const key = (await findKeys(db, accountId)).find(({ credentialId }) => credentialId === credential.id);
  if (expectedChallenge === undefined || !key) return false;
  const verification = await verifyAuthenticationResponse({
    response: credential as unknown as AuthenticationResponseJSON,
    expectedChallenge,
    ...site(request),
    // The counter is looked at below, where it is written in the same statement.
    credential: { id: key.credentialId, publicKey: new Uint8Array(key.publicKey), counter: 0 },
    requireUserVerification: false,
  }).catch(() => undefined);
  if (!verification?.verified) return false;
  const signCount = verification.authenticationInfo.newCounter;
  if (await useKey(db, { factorId: key.factorId, signCount, nowMs })) return true;
  await noteSecurity(services, "key-counter-fell", accountId);
  return false;
}
