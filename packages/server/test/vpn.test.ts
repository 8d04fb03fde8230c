import { makeKeys, publicKeyOf, sql, writeVpnSettings } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { clock, db } = server;
const call = browserOf(server, await firstAccount(server));

const device = (n: number) => ({
  identity: `TUN${n}`,
  model: "generic-dlms",
  url: `dlms+tcp://127.0.0.1:${20_000 + n}`,
  direction: "dial" as const,
});
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș", "Pitești"], device: device(1) }),
  networkPoint(2, { device: device(2) }),
]);
const privateKeyOf = (config: string) => /PrivateKey = (.*)/.exec(config)![1]!;
const pskOf = (config: string) => /PresharedKey = (.*)/.exec(config)![1]!;
const secrets: string[] = [];

test("a tunnel is asked for after the network was chosen, and its file is in that answer alone", async () => {
  expect((await call("GET", "/vpn/tunnels")).body).toEqual({ settings: null, rows: [] });
  const early = await call("POST", "/vpn/tunnels", { identity: "TUN1", days: 365 });
  expect([early.status, early.body.code]).toEqual([409, "vpn.not-set-up"]);
  await writeVpnSettings(db, {
    network: "10.90.0.0/16",
    endpoint: "vpn.example:51820",
    serverPublicKey: makeKeys().publicKey,
  });

  const made = await call("POST", "/vpn/tunnels", { identity: "TUN1", label: "PT 12", days: 365 });
  expect(made.status).toBe(201);
  expect(made.body.address).toBe("10.90.0.2");
  secrets.push(privateKeyOf(made.body.config), pskOf(made.body.config));
  const { body, text } = await call("GET", "/vpn/tunnels");
  expect(body.settings).toMatchObject({ network: "10.90.0.0/16", serverAddress: "10.90.0.1/16" });
  expect(body.rows).toEqual([
    expect.objectContaining({
      tunnelId: made.body.tunnelId,
      state: "never",
      identity: "TUN1",
      branch: ["Argeș", "Pitești"],
      label: "PT 12",
      publicKey: publicKeyOf(secrets[0]!),
      rotationDue: false,
      lastHandshakeAt: null,
    }),
  ]);
  for (const secret of secrets) expect(text).not.toContain(secret);

  for (const [identity, code] of [
    ["TUN1", "vpn.exists"],
    ["NOBODY", "vpn.device-unknown"],
  ]) {
    const refused = await call("POST", "/vpn/tunnels", { identity, days: 365 });
    expect([refused.status, refused.body.code]).toEqual([409, code]);
  }
});

test("what the host says of its peers becomes the state of each tunnel", async () => {
  const { body } = await call("GET", "/vpn/tunnels");
  const line = (key: string, agoMs: number) =>
    `${key}\t(none)\t192.0.2.7:51820\t10.90.0.2/32\t${Math.floor((clock.ms - agoMs) / 1_000)}\t1000\t2000\t25`;
  const say = (agoMs: number) =>
    call("POST", "/vpn/state", {
      dump: `PRIVATE=\tPUBLIC=\t51820\toff\n${line(body.rows[0].publicKey, agoMs)}\n${line(`${"B".repeat(43)}=`, 0)}\n`,
    });
  expect((await say(20 * 60_000)).body).toEqual({ known: 1, unknown: 1 });
  expect((await call("GET", "/vpn/tunnels")).body.rows[0]).toMatchObject({
    state: "silent",
    receivedBytes: 1000,
  });
  await say(30_000);
  expect((await call("GET", "/vpn/tunnels")).body.rows[0].state).toBe("linked");
});

test("new keys keep address and label; the old tunnel and its keys are no longer the host's", async () => {
  const before = (await call("GET", "/vpn/tunnels")).body.rows[0];
  const made = await call("POST", `/vpn/tunnels/${before.tunnelId}/keys`, { days: 1 });
  expect([made.status, made.body.address]).toEqual([201, before.address]);
  secrets.push(privateKeyOf(made.body.config), pskOf(made.body.config));
  await db.query(sql`update vpn_peer set rotate_by = '2026-01-01'`);
  const { body } = await call("GET", "/vpn/tunnels");
  expect(
    body.rows.map(({ state, label, rotationDue }: Record<string, unknown>) => [state, label, rotationDue]),
  ).toEqual([
    ["never", "PT 12", true],
    ["revoked", "PT 12", false],
  ]);
  const peers = await call("POST", "/vpn/peers");
  expect(peers.text).toContain(
    `# PT 12\n[Peer]\nPublicKey = ${publicKeyOf(secrets[2]!)}\nPresharedKey = ${secrets[3]}`,
  );
  expect(peers.text).not.toContain(before.publicKey);
  expect(peers.text).not.toMatch(/PrivateKey|Interface/);

  const again = await call("POST", `/vpn/tunnels/${before.tunnelId}/keys`, { days: 1 });
  expect([again.status, again.body.code]).toEqual([404, "vpn.peer-unknown"]);
});

test("a revoked tunnel is gone from the host's list; all of it stands in the log, with no key", async () => {
  const { tunnelId } = (await call("GET", "/vpn/tunnels")).body.rows[0];
  expect((await call("DELETE", `/vpn/tunnels/${tunnelId}`)).status).toBe(202);
  expect((await call("DELETE", `/vpn/tunnels/${tunnelId}`)).body.code).toBe("vpn.peer-unknown");
  expect((await call("POST", "/vpn/peers")).text).not.toContain("[Peer]");
  const { rows } = await db.query<{ operations: string[]; whole: string }>(sql`
    select array_agg(distinct action) as operations, jsonb_agg(log)::text as whole from audit.log as log`);
  expect(rows[0]!.operations).toEqual(
    expect.arrayContaining([
      "createTunnel",
      "renewTunnelKeys",
      "revokeTunnel",
      "takeTunnelState",
      "exportTunnelPeers",
    ]),
  );
  expect(secrets).toHaveLength(4);
  for (const secret of secrets) {
    expect(rows[0]!.whole).not.toContain(secret);
    expect(rows[0]!.whole).not.toContain(Buffer.from(secret, "base64").toString("hex"));
  }
});

test("whose showing is older than five minutes is asked anew, but may look", async () => {
  clock.ms += 301_000;
  for (const [method, path, body] of [
    ["POST", "/vpn/tunnels", { identity: "TUN2", days: 365 }],
    ["POST", "/vpn/tunnels/1/keys", { days: 365 }],
    ["DELETE", "/vpn/tunnels/1", undefined],
    ["POST", "/vpn/peers", undefined],
  ] as const) {
    const refused = await call(method, path, body);
    expect([path, refused.status, refused.body.code]).toEqual([path, 403, "session.step-up-needed"]);
  }
  expect((await call("GET", "/vpn/tunnels")).status).toBe(200);
});
