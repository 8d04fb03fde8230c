import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { checkConfig, openCentre, type RunningConcentrator, startConcentrator } from "@energsys/concentrator";
import { realClock } from "@energsys/drivers";
import { type HeadendOptions, lowerLimits, parsePlainCallers, startHeadend } from "@energsys/headend";
import { Bus } from "@energsys/simulator";
import {
  adoptGateway,
  everywhere,
  issueDeviceCertificate,
  listDeviceCertificates,
  listGateways,
  makeAuthority,
  revokeDeviceCertificate,
  sql,
} from "@energsys/store";
import { testDatabase, testKeyProvider, testKeyRing } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, afterEach, expect, test } from "vitest";

// The concentrator and the head-end with certificates on both sides of their line, over sockets of this machine.

const { db } = await testDatabase();
const ring = testKeyRing(db);
const log = pino({ level: "silent" });
const folder = mkdtempSync(join(tmpdir(), "certificates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [own, other] = ["ENC0000000000017", "ENC0000000000018"] as const;

const startHead = (more: Partial<HeadendOptions> = {}) =>
  startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone: "Europe/Bucharest",
    listen: "127.0.0.1:0",
    listenTls: "127.0.0.1:0",
    limits: lowerLimits({ responseMs: 2000, identifyMs: 2000, restartSpreadSeconds: 0.001 }),
    leaseSeconds: 3,
    ...more,
  });
let head = await startHead();
afterAll(() => head.stop());

const running: RunningConcentrator[] = [];
const hangUp = async () => {
  for (const each of running.splice(0)) await each.stop();
};
afterEach(hangUp);

/** Its file, as a technician puts it beside the configuration. */
const fileOf = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const issue = (identity: string, more: { days?: number; nowMs?: number; replace?: boolean } = {}) =>
  issueDeviceCertificate(db, ring, {
    identity,
    days: 730,
    nowMs: Date.now(),
    address: head.listenTls as string,
    ...more,
  });

async function concentrator(identity: string, centre: object): Promise<RunningConcentrator> {
  const checked = checkConfig({
    identity,
    centre,
    clockTrusted: true,
    store: { path: ":memory:" },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec" }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const bus = new Bus({ clock: realClock });
  const started = await startConcentrator(checked.config, {
    clock: realClock,
    log,
    random: () => 0,
    openLine: async () => bus.master(),
    openCentre: (address) => openCentre(address, checked.config.centre.tls, realClock),
  });
  running.push(started);
  return started;
}

const gateway = async (identity: string) =>
  (await listGateways(db)).find((each) => each.identity === identity);
const accepted = (each: RunningConcentrator) =>
  expect.poll(() => each.serving.centre().line, { timeout: 20_000, interval: 50 }).toBe("accepted");
const eventsOf = async (code: string) =>
  (
    await db.query<{ identity: string | null; detail: Record<string, string> }>(
      sql`select device.identity, detail from event left join device using (device_id) where code = ${code} order by at`,
    )
  ).rows;
const state = async (certificateId: number) =>
  (await listDeviceCertificates(db)).find((each) => each.certificateId === certificateId)!;
const refused = (code: string) => head.headend.callIns.refused.get(code) ?? 0;

async function adopt(identity: string): Promise<void> {
  await expect
    .poll(async () => (await gateway(identity))?.state, { timeout: 10_000, interval: 50 })
    .toBe("quarantine");
  await adoptGateway(db, everywhere, (await gateway(identity))!.gatewayId, { by: "ana" });
}
const online = (identity: string) =>
  expect.poll(async () => (await gateway(identity))?.hasLine, { timeout: 20_000, interval: 50 }).toBe(true);

test("the file that was issued is all a concentrator needs: kept in quarantine, adopted, read; a second file takes over when it is shown", async () => {
  const made = await issue(own);
  const path = fileOf(`${own}.pem`, made.file);
  // The address stands in the file.
  const first = await concentrator(own, { tls: { file: path } });
  await accepted(first);
  await adopt(own);
  await online(own);
  await expect
    .poll(() => first.edge.journal.taken > 0 && first.edge.journal.taken === first.edge.journal.newest, {
      timeout: 20_000,
      interval: 50,
    })
    .toBe(true);
  expect(await state(made.certificateId)).toMatchObject({ identity: own, revokedAt: null });
  expect((await state(made.certificateId)).lastUsedAt).not.toBeNull();

  // A new one: the old one serves until the technician was there, and the renewed file needs no restart.
  const second = await issue(own, { replace: true });
  expect((await state(made.certificateId)).revokedAt).toBeNull();
  fileOf(`${own}.pem`, second.file);
  head.headend.callIns.lineOfGateway((await gateway(own))!.gatewayId)!.close();
  await expect
    .poll(async () => (await state(made.certificateId)).revokedAt !== null, { timeout: 20_000, interval: 50 })
    .toBe(true);
  expect((await state(second.certificateId)).firstUsedAt).not.toBeNull();
  await online(own);

  // Somebody with the old file gets nothing, and it is told whose file that was.
  const before = refused("call-in.certificate-revoked");
  await concentrator(own, { tls: { file: fileOf("old.pem", made.file) } });
  await expect
    .poll(() => refused("call-in.certificate-revoked"), { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(before);
  await expect
    .poll(() => eventsOf("system:identity.certificate"), { timeout: 5000, interval: 50 })
    .toContainEqual({
      identity: own,
      detail: expect.objectContaining({ identity: own, why: "call-in.certificate-revoked" }),
    });
  expect(first.serving.centre().line).toBe("accepted");

  // Revoking the one in use cuts the line that stands on it, and nothing brings it back.
  await revokeDeviceCertificate(db, second.certificateId);
  await expect
    .poll(() => first.serving.centre().line, { timeout: 10_000, interval: 20 })
    .not.toBe("accepted");
  await expect
    .poll(() => first.serving.centre().failures, { timeout: 30_000, interval: 50 })
    .toBeGreaterThan(1);
  expect((await gateway(own))!.hasLine).toBe(false);
}, 90_000);

test("whoever announces another identity than its certificate's is sent away, with an event at the certificate's device", async () => {
  const mine = await issue(own, { replace: true });
  const before = refused("identity.certificate");
  const impostor = await concentrator(other, { tls: { file: fileOf("stolen.pem", mine.file) } });
  await expect
    .poll(() => refused("identity.certificate"), { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(before);
  expect(impostor.serving.centre().line).not.toBe("accepted");
  await expect
    .poll(() => eventsOf("system:identity.certificate"), { timeout: 5000, interval: 50 })
    .toContainEqual({
      identity: own,
      detail: expect.objectContaining({ identity: other }),
    });
  // It did not come into the quarantine, and the certificate counts as never used.
  expect(await gateway(other)).toBeUndefined();
  expect((await state(mine.certificateId)).firstUsedAt).toBeNull();
}, 30_000);

test("an ended certificate, one of another installation, none at all, and no TLS get no answer", async () => {
  const ended = await issue(other, { nowMs: Date.now() - 3 * 86_400_000, days: 1 });
  await concentrator(other, { tls: { file: fileOf("ended.pem", ended.file) } });
  await expect
    .poll(() => refused("call-in.certificate-expired"), { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(0);
  await hangUp();

  // The same authority, a certificate that nobody gave out: as if a stolen authority had issued it.
  const unlisted = await issue(other, { replace: true });
  await db.query(sql`delete from device_certificate where device_certificate_id = ${unlisted.certificateId}`);
  await concentrator(other, { tls: { file: fileOf("unlisted.pem", unlisted.file) } });
  await expect
    .poll(() => refused("call-in.foreign-certificate"), { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(0);
  await hangUp();

  const port = Number((head.listenTls as string).split(":").at(-1));
  const bare = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false });
  bare.on("error", () => {});
  await expect.poll(() => refused("call-in.no-certificate"), { timeout: 5000, interval: 50 }).toBe(1);
  const plain = connectTcp({ host: "127.0.0.1", port });
  plain.on("error", () => {});
  plain.write("ENERGSYS HELLO\r\n");
  await expect.poll(() => refused("call-in.tls"), { timeout: 5000, interval: 50 }).toBe(1);
  // One that says nothing is cut like any other.
  const silent = connectTcp({ host: "127.0.0.1", port });
  silent.on("error", () => {});
  await new Promise((resolve) => silent.once("close", resolve));
  expect(refused("call-in.silent")).toBe(1);
  await expect.poll(() => head.headend.callIns.connections, { timeout: 5000, interval: 50 }).toBe(0);
}, 60_000);

test("a concentrator does not talk to a centre that its file's authority did not sign", async () => {
  const made = await issue(other, { replace: true });
  const at = made.file.lastIndexOf("-----BEGIN CERTIFICATE-----");
  const file = fileOf("elsewhere.pem", made.file.slice(0, at) + makeAuthority(Date.now()).certificatePem);
  const call = (path: string) => openCentre(head.listenTls as string, { file: path }, realClock);
  await expect(call(file)).rejects.toMatchObject({ code: "centre.tls" });
  await expect(call(fileOf("half.pem", made.file.slice(0, at)))).rejects.toMatchObject({
    code: "centre.certificate",
  });
  const line = await call(fileOf("whole.pem", made.file));
  line.close();
});

test("in the clear a concentrator is taken from its tunnel, or from where the setting says, and never after it showed a certificate", async () => {
  // It has shown one before: in the clear it is nobody, from loopback either.
  const clear = await concentrator(own, { addresses: [head.listen as string] });
  await expect.poll(() => refused("identity.clear"), { timeout: 10_000, interval: 50 }).toBeGreaterThan(0);
  expect(clear.serving.centre().line).not.toBe("accepted");
  await expect.poll(() => eventsOf("system:identity.clear"), { timeout: 5000, interval: 50 }).not.toEqual([]);
  await hangUp();

  // One without any certificate is taken from loopback, by default.
  const third = "ENC0000000000019";
  let plain = await concentrator(third, { addresses: [head.listen as string] });
  await accepted(plain);
  await adopt(third);
  await online(third);
  await hangUp();
  await head.stop();

  head = await startHead({ plainCallers: parsePlainCallers("off") });
  plain = await concentrator(third, { addresses: [head.listen as string] });
  await expect.poll(() => refused("identity.clear"), { timeout: 10_000, interval: 50 }).toBeGreaterThan(0);
  expect(plain.serving.centre().line).not.toBe("accepted");
  // Its tunnel has this address: that is who it is.
  const { deviceId } = (await gateway(third))!;
  await db.query(sql`
    insert into vpn_peer (device_id, label, public_key, sealed_psk, address, rotate_by)
    values (${deviceId}, 'third', ${`${"B".repeat(43)}=`}, '\\x00', '127.0.0.1', '2030-01-01')`);
  await accepted(plain);
  await online(third);
}, 90_000);

test("addresses for callers in the clear are read as networks", () => {
  const local = parsePlainCallers("127.0.0.0/8,::1");
  expect(["127.0.0.1", "::ffff:127.3.2.1", "::1"].map(local)).toEqual([true, true, true]);
  expect(["10.0.0.1", "::2", "::ffff:10.0.0.1"].map(local)).toEqual([false, false, false]);
  expect(parsePlainCallers("any")("203.0.113.9")).toBe(true);
  expect(parsePlainCallers("off")("127.0.0.1")).toBe(false);
  for (const text of ["127.0.0.0/33", "hosts", "", "10.0.0.0/8/8", "10.0.0.0/x"])
    expect(() => parsePlainCallers(text)).toThrow("no address or network");
});
