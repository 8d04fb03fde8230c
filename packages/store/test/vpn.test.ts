import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  importInventory,
  listPeers,
  makeKeys,
  makePeer,
  mayCallFrom,
  parseDump,
  publicKeyOf,
  readServerPeers,
  recordHandshakes,
  revokePeer,
  serverAddress,
  serverConfig,
  sql,
  writeVpnSettings,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./field.ts";

const { db, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-vpn-"));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await drop();
});
const keyRing = testKeyRing(db);
const server = makeKeys();
const settings = {
  network: "10.90.0.0/29",
  endpoint: "vpn.example:51820",
  serverPublicKey: server.publicKey,
};

/** True where WireGuard's own tools are installed. */
const hasTools = (() => {
  try {
    execFileSync("wg", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

test("devices get keys, an address of their own and a file that is shown once; what is kept opens no tunnel", async () => {
  await importInventory(db, inventoryOf(8), { keyRing });
  const make = (identity: string, replace = false) =>
    makePeer(db, keyRing, { identity, rotateBy: "2027-11-26", replace });
  await expect(make("TST1")).rejects.toMatchObject({ code: "vpn.not-set-up" });
  await expect(writeVpnSettings(db, { ...settings, network: "8.8.8.0/24" })).rejects.toMatchObject({
    code: "vpn.network-invalid",
  });
  await writeVpnSettings(db, settings);

  const first = await make("TST1");
  expect(first.address).toBe("10.90.0.2");
  const privateKey = /PrivateKey = (.*)/.exec(first.config)![1]!;
  const [row] = await listPeers(db);
  expect(publicKeyOf(privateKey)).toBe(row!.publicKey);
  expect(row).toMatchObject({
    identity: "TST1",
    pod: "POD000001",
    address: "10.90.0.2",
    rotateBy: "2027-11-26",
  });
  const dump = JSON.stringify((await db.query(sql`select to_jsonb(vpn_peer) as row from vpn_peer`)).rows);
  const presharedKey = /PresharedKey = (.*)/.exec(first.config)![1]!;
  for (const secret of [privateKey, presharedKey]) {
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(Buffer.from(secret, "base64").toString("hex"));
  }
  await expect(make("TST1")).rejects.toMatchObject({ code: "vpn.exists" });
  await expect(make("NOBODY")).rejects.toMatchObject({ code: "vpn.device-unknown" });
  // New keys, the same address: nothing in the network has to change.
  const renewed = await make("TST1", true);
  expect(renewed.address).toBe("10.90.0.2");
  expect((await readServerPeers(db, keyRing)).map(({ address }) => address)).toEqual(["10.90.0.2"]);

  for (const identity of ["TST2", "TST3", "TST4", "TST5"]) await make(identity);
  await expect(make("TST6")).rejects.toMatchObject({ code: "vpn.network-full" });
  // A revoked address rests for a month.
  await revokePeer(db, renewed.peerId);
  await expect(make("TST6")).rejects.toMatchObject({ code: "vpn.network-full" });
  await db.query(
    sql`update vpn_peer set revoked_at = now() - interval '31 days' where revoked_at is not null`,
  );
  expect((await make("TST6")).address).toBe("10.90.0.2");
});

test("the tunnel is the identity: a device calls from its own, and nobody calls from another's", async () => {
  const { rows } = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity in ('TST2', 'TST3', 'TST8') order by identity`,
  );
  const [second, third, eighth] = rows.map(({ id }) => id) as [number, number, number];
  const addressOf = async (id: number) =>
    (await listPeers(db)).find(({ deviceId, revokedAt }) => deviceId === id && revokedAt === null)!.address;
  const [ofSecond, ofThird] = [await addressOf(second), await addressOf(third)];
  expect(await mayCallFrom(db, second, ofSecond)).toBe(true);
  expect(await mayCallFrom(db, second, `::ffff:${ofSecond}`)).toBe(true);
  expect(await mayCallFrom(db, second, ofThird)).toBe(false);
  expect(await mayCallFrom(db, second, "192.0.2.1")).toBe(false);
  // A device without a tunnel may come from anywhere that is not somebody's tunnel.
  expect(await mayCallFrom(db, eighth, "192.0.2.1")).toBe(true);
  expect(await mayCallFrom(db, eighth, ofSecond)).toBe(false);
});

test("what the host says of its peers becomes the state of each site", async () => {
  const peers = await listPeers(db);
  const key = peers[0]!.publicKey;
  const dump = [
    "wg0\tPRIVATE=\tPUBLIC=\t51820\toff",
    `wg0\t${key}\t(none)\t192.0.2.7:51820\t10.90.0.2/32\t1795651200\t1000\t2000\t25`,
    `${"B".repeat(43)}=\t(none)\t(none)\t10.90.0.9/32\t0\t0\t0\toff`,
    "rubbish",
  ].join("\n");
  const read = parseDump(dump);
  expect(read).toHaveLength(2);
  expect(read[1]!.lastHandshakeMs).toBeNull();
  expect(await recordHandshakes(db, read)).toEqual({ known: 1, unknown: 1 });
  const after = (await listPeers(db)).find(({ publicKey }) => publicKey === key);
  expect(after).toMatchObject({ lastHandshakeAt: 1_795_651_200_000, receivedBytes: 1000, sentBytes: 2000 });
});

test.skipIf(!hasTools)("WireGuard's own tools read the keys and the files", async () => {
  const keys = makeKeys();
  expect(execFileSync("wg", ["pubkey"], { input: keys.privateKey, encoding: "utf8" }).trim()).toBe(
    keys.publicKey,
  );
  const path = join(folder, "wg0.conf");
  const peers = await readServerPeers(db, keyRing);
  writeFileSync(
    path,
    serverConfig({ privateKey: server.privateKey, address: serverAddress(settings), port: 51_820 }, [
      ...peers,
      { ...peers[0]!, label: "evil\n[Peer]\nPublicKey = x" },
    ]),
  );
  chmodSync(path, 0o600);
  const stripped = execFileSync("wg-quick", ["strip", path], { encoding: "utf8" });
  expect(stripped.match(/^\[Peer\]$/gm)).toHaveLength(peers.length + 1);
  expect(stripped).not.toContain("Address");
});
