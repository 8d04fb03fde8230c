import { randomBytes } from "node:crypto";
import { findKeyRecipient, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "vitest";
import { browserOf, firstAccount, host, importPoints, networkPoint, origin, testServer } from "./harness.ts";

const server = await testServer();
const { app, db } = server;
const admin = await firstAccount(server);
const call = browserOf(server, admin);

const hex = () => randomBytes(16).toString("hex").toUpperCase();
const canary = hex();
const device = (n: number, secrets: object) => ({
  identity: `ENS${n}`,
  model: "generic-dlms",
  url: `dlms+tcp://127.0.0.1:${20_000 + n}?client=1&auth=gmac`,
  direction: "dial" as const,
  ...secrets,
});
await importPoints(db, [
  networkPoint(1, {
    device: device(1, { encryptionKey: canary, authenticationKey: hex(), masterKey: hex() }),
  }),
  networkPoint(2, { device: device(2, { password: "canar-parola" }) }),
]);
const { rows: points } = await db.query<{ id: number }>(sql`select point_id as id from point order by 1`);
const [first, second] = points as [{ id: number }, { id: number }];

test("the overview counts keys by kind and state and never shows one", async () => {
  const { status, body, text } = await call("GET", "/keys");
  expect(status).toBe(200);
  expect(body.meterKeys.map(({ kind, state, keys }: Record<string, unknown>) => [kind, state, keys])).toEqual(
    [
      ["authentication", "ACTIVE", 1],
      ["lls-password", "ACTIVE", 1],
      ["master", "ACTIVE", 1],
      ["unicast", "ACTIVE", 1],
    ],
  );
  expect(body.dataKeys.every(({ current }: { current: boolean }) => current)).toBe(true);
  expect(body.recipient).toMatch(/^age1/);
  expect(text).not.toMatch(new RegExp(`${canary}|canar-parola`, "i"));
});

test("a point's keys come with states and fingerprints", async () => {
  const { body, text } = await call("GET", `/points/${first.id}/keys`);
  expect(body.rows.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
    "authentication",
    "master",
    "unicast",
  ]);
  expect(body.rows[0].fingerprint).toMatch(/^([0-9a-f]{2}:){5}/);
  expect(text).not.toMatch(new RegExp(canary, "i"));
  expect((await call("GET", "/points/999/keys")).status).toBe(404);
});

test("new keys are asked for a device, for a branch, and taken back", async () => {
  const asked = await call("POST", `/points/${first.id}/key-change`);
  expect(asked.status).toBe(202);
  expect((await call("GET", `/attempts/${asked.body.attemptId}`)).body).toMatchObject({
    cause: "key-change",
    state: "queued",
  });
  expect((await call("POST", "/key-changes", {})).body.code).toBe("key.none-active");
  await db.query(sql`update attempt set state = 'cancelled', ended_at = now()`);
  const begun = await call("POST", "/key-changes", {});
  expect([begun.status, begun.body.total]).toEqual([202, 1]);
  expect((await call("DELETE", `/key-changes/${begun.body.keyWorkId}`)).status).toBe(202);
  expect((await call("GET", "/keys")).body.work).toMatchObject([{ total: 1, cancelled: 1, open: 0 }]);
});

test("a key file goes to a recipient and comes from a maker; the content is in no answer and no log", async () => {
  const theirs = await generateX25519Identity();
  const answer = await app.inject({
    method: "POST",
    url: "/api/keys/export",
    headers: { host, origin, cookie: admin.cookie, "x-csrf-token": admin.csrfToken },
    payload: { recipients: [await identityToRecipient(theirs)] },
  });
  expect(answer.statusCode).toBe(200);
  const decrypter = new Decrypter();
  decrypter.addIdentity(theirs);
  const content = JSON.parse(await decrypter.decrypt(new Uint8Array(answer.rawPayload), "text"));
  expect(content.devices.map(({ identity }: { identity: string }) => identity)).toEqual(["ENS1", "ENS2"]);
  expect(content.devices[0].encryptionKey).toBe(canary);

  const send = async (devices: unknown[]) => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await findKeyRecipient(db, testKeyRing(db)));
    const file = await encrypter.encrypt(JSON.stringify({ format: "energsys-keys", version: 1, devices }));
    return call("POST", "/keys/import", { file: Buffer.from(file).toString("base64") });
  };
  const taken = await send([
    { identity: "ENS2", encryptionKey: hex(), authenticationKey: hex() },
    { identity: "X" },
  ]);
  expect(taken.body).toEqual({ devices: 1, keys: 2, unknown: ["X"] });
  const doubled = await send([{ identity: "ENS2", encryptionKey: canary, authenticationKey: hex() }]);
  expect([doubled.status, doubled.body.code]).toEqual([409, "key.elsewhere"]);
  const foreign = await call("POST", "/keys/import", { file: answer.rawPayload.toString("base64") });
  expect(foreign.body.code).toBe("key-file.unreadable");
  const { rows } = await db.query<{ whole: string }>(
    sql`select jsonb_agg(log)::text as whole from audit.log as log`,
  );
  expect(rows[0]!.whole).toContain("age1");
  expect(rows[0]!.whole).not.toMatch(new RegExp(`${canary}|canar-parola`, "i"));
});

test("whose showing is older than five minutes is asked anew before keys leave or come", async () => {
  await db.query(
    sql`update session set created_at = now() - interval '1 hour', stepped_up_at = now() - interval '1 hour'`,
  );
  const { status, body } = await call("POST", "/keys/import", { file: "AAAA" });
  expect([status, body.code]).toEqual([403, "session.step-up-needed"]);
  expect((await call("GET", `/points/${second.id}/keys`)).status).toBe(200);
});
