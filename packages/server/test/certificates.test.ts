import { X509Certificate } from "node:crypto";
import { findDeviceCertificate, recordCertificateUse } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
const identity = "ENC0000000000017";

test("a certificate is asked for, its file is in that answer alone, and it is revoked", async () => {
  expect((await call("GET", "/device-certificates")).body).toEqual({ address: null, rows: [] });
  const early = await call("POST", "/device-certificates", { identity, days: 730 });
  expect([early.status, early.body.code]).toEqual([409, "certificate.address-missing"]);
  const address = "centre.example:4061";
  const made = await call("POST", "/device-certificates", { identity, days: 730, address });
  expect(made.status).toBe(201);
  const key = /-----BEGIN PRIVATE KEY-----[^-]+/.exec(made.body.file)![0];
  expect(new X509Certificate(made.body.file).subject).toContain(identity);
  const list = await call("GET", "/device-certificates");
  expect(list.body).toMatchObject({ address, rows: [{ identity, state: "not-used" }] });
  expect(list.text).not.toContain(key.slice(40, 80));

  for (const [wanted, code] of [
    [{ identity, days: 730 }, "certificate.exists"],
    [{ identity: "NOBODY", days: 730 }, "certificate.device-unknown"],
  ] as const) {
    const refused = await call("POST", "/device-certificates", wanted);
    expect([refused.status, refused.body.code]).toEqual([409, code]);
  }
  for (const wanted of [
    { identity, days: 0 },
    { identity: "two words", days: 1 },
    { identity, days: 1, address: "nowhere" },
  ])
    expect((await call("POST", "/device-certificates", wanted)).status).toBe(400);

  await recordCertificateUse(db, (await findDeviceCertificate(db, made.body.fingerprint))!);
  const second = await call("POST", "/device-certificates", { identity, days: 730, replace: true });
  expect(
    (await call("GET", "/device-certificates")).body.rows.map(({ state }: { state: string }) => state),
  ).toEqual(["not-used", "in-use"]);
  const path = `/device-certificates/${second.body.certificateId}`;
  expect((await call("DELETE", path)).status).toBe(202);
  const again = await call("DELETE", path);
  expect([again.status, again.body.code]).toEqual([404, "certificate.unknown"]);
});
