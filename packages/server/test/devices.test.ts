import { openMeterKeys, openTrialSecret, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { expect, test } from "vitest";
import { browserOf, firstAccount, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));

const device = {
  url: "dlms+tcp://10.0.0.7:4059?client=16&server=1&auth=low",
  identity: "ISK1030775213859",
  model: "generic-dlms",
  manufacturer: "ISK",
  serial: "75213859",
  pod: "RO001EMO7654321",
  name: "Atelier",
  address: "Str. Fabricii 1",
  branch: ["Argeș", "PT 12"],
  phases: 3,
  ctRatio: "20",
  vtRatio: "1.5",
  primaryValues: false,
};

const key = "000102030405060708090A0B0C0D0E0F";
const keys = { encryptionKey: key, authenticationKey: key };
const password = { password: "geheim 1" };

test("a fresh system says that it is empty", async () => {
  const { body } = await call("GET", "/first-run");
  expect(body).toMatchObject({
    accountNeeded: false,
    points: 0,
    devices: 0,
    readings: false,
    sampleNetwork: "available",
  });
});

test.each([
  ["password in its field", { url: "dlms+tcp://10.0.0.7:4059?client=16", password: "geheim 1" }, password],
  ["password in the URL", { url: "dlms+tcp://10.0.0.7:4059?client=16&password=geheim%201" }, password],
  [
    "password in the URL, its name written in another way",
    { url: "dlms+tcp://10.0.0.7:4059?pass%77ord=geheim+1&client=16" },
    password,
  ],
  ["keys in the URL", { url: `dlms+tcp://10.0.0.7:4059?client=16&ek=${key}&ak=${key}` }, keys],
  ["keys in their fields", { url: "dlms+tcp://10.0.0.7:4059?client=16", ...keys }, keys],
])("a trial's %s are stored sealed and out of the URL", async (_, body, secret) => {
  const { status, body: queued } = await call("POST", "/devices/trials", body);
  expect(status).toBe(202);
  const { rows } = await db.query<{ request: { url: string; secret: string }; whole: string }>(
    sql`select request, attempt::text as whole from attempt where attempt_id = ${queued.attemptId}`,
  );
  const { request, whole } = rows[0]!;
  expect(request.url).toBe("dlms+tcp://10.0.0.7:4059?client=16");
  expect(await openTrialSecret(testKeyRing(db), request.secret)).toEqual(secret);
  expect(whole).not.toMatch(/geheim|0A0B0C/);
});

test.each([
  "http://10.0.0.7/",
  "10.0.0.7:4059",
  "dlms+tcp://user:secret@10.0.0.7:4059",
  `dlms+tcp://10.0.0.7:4059?EK=${key}`,
  "dlms+tcp://10.0.0.7:4059?PASSWORD=secret",
  "dlms+tcp://10.0.0.7:4059?password=one&p%61ssword=two",
  "dlms+tcp://10.0.0.7:4059?client=16#password=secret",
  "dlms+tcp:\\\\user:secret@10.0.0.7:4059",
  "dlms+tcp://10.0.0.7:99999",
  "file:///etc/passwd",
])("%s is no device URL for us", async (url) => {
  const { status, body } = await call("POST", "/devices/trials", { url });
  expect([status, body.code, Object.keys(body.fields)]).toEqual([400, "input.invalid", ["/url"]]);
});

test("adding a device makes branch, point, meter, installation and plan, and queues the first read", async () => {
  const { status, body } = await call("POST", "/devices", { ...device, password: "12345678", ...keys });
  expect(status).toBe(201);
  const point = (await call("GET", `/points/${body.pointId}`)).body;
  expect(point).toMatchObject({
    pod: device.pod,
    branch: device.branch,
    phases: 3,
    state: "never",
    installations: [{ serial: "75213859", ctRatio: "20", vtRatio: "1.5", factor: "30" }],
    device: { deviceId: body.deviceId, identity: device.identity, url: device.url },
    plan: { name: "15 min", everySeconds: 900 },
  });
  expect(Date.parse(point.installations[0].from)).toBe(clock.ms - 400 * 86_400_000);
  expect((await call("GET", `/attempts/${body.attemptId}`)).body).toMatchObject({
    state: "queued",
    cause: "read-now",
  });
  const stored = await openMeterKeys(db, testKeyRing(db), body.deviceId);
  const hex = Buffer.from(key, "hex");
  expect(stored.map(({ kind, state, value }) => [kind, state, Buffer.from(value.reveal())])).toEqual([
    ["lls-password", "ACTIVE", Buffer.from("12345678")],
    ["unicast", "ACTIVE", hex],
    ["authentication", "ACTIVE", hex],
  ]);
  expect(JSON.stringify(point)).not.toMatch(/0A0B0C|12345678/);
  expect((await call("GET", "/first-run")).body).toMatchObject({ points: 1, devices: 1, readings: false });
});

test.each([
  ["the same identity", { pod: "OTHER1", serial: "1" }, ["/identity"]],
  ["the same point", { identity: "OTHER1", serial: "1" }, ["/pod"]],
  ["the same meter", { identity: "OTHER1", pod: "OTHER1" }, ["/serial"]],
])("%s is refused, and nothing of it stays", async (_, changes, fields) => {
  const { status, body } = await call("POST", "/devices", { ...device, ...changes });
  expect([status, body.code, Object.keys(body.fields)]).toEqual([409, "device.exists", fields]);
  expect((await call("GET", "/first-run")).body).toMatchObject({ points: 1, devices: 1 });
});

test.each([
  ["a ratio in words", { ctRatio: "100/5" }, "/ctRatio"],
  ["a ratio of nothing", { ctRatio: "0.0" }, "/ctRatio"],
  ["a model that nobody knows", { model: "no-such-model" }, "/model"],
  ["a character that no text holds", { name: "a\u0000b" }, "/name"],
  ["two phases", { phases: 2 }, "/phases"],
  ["no branch", { branch: [] }, "/branch"],
  ["a POD with a blank", { pod: "RO 1" }, "/pod"],
  ["keys of two lengths", { encryptionKey: key, authenticationKey: key.repeat(2) }, "/authenticationKey"],
  ["a key that is no number", { encryptionKey: "x".repeat(32), authenticationKey: key }, "/encryptionKey"],
  ["an installation tomorrow", { installedAt: "2999-01-01T00:00:00Z" }, "/installedAt"],
])("%s is refused by its field", async (_, changes, field) => {
  const { status, body } = await call("POST", "/devices", {
    ...device,
    identity: "X",
    pod: "X",
    serial: "X",
    ...changes,
  });
  expect([status, Object.keys(body.fields)]).toEqual([400, [field]]);
});

test("a password that no percent sign may stand in is still a password", async () => {
  const url = "dlms+tcp://10.0.0.7:4059?password=%zz";
  expect((await call("POST", "/devices/trials", { url })).status).toBe(202);
});

test.each([
  "p1+tcp://10.0.0.7:8088",
  "p1+serial:/dev/ttyUSB0",
  "iec62056-21+serial:/dev/ttyUSB0?mode=E",
  "iec62056-21+modem:/dev/ttyS0?number=0740123456",
  "dlms+hdlc+modem+tcp://10.0.0.7:2001?number=0740123456",
])("%s may be tried", async (url) => {
  expect((await call("POST", "/devices/trials", { url })).status).toBe(202);
});

test("the sample network is asked for only where a launcher listens, and once", async () => {
  const ask = async () => (await call("POST", "/sample-network")).body;
  expect((await ask()).code).toBe("sample-network.no-launcher");
  const launcherAt = (ms: number) =>
    db.query(sql`insert into setting (name, value) values ('launcher', ${JSON.stringify({ pid: 1, at: new Date(ms).toISOString() })})
      on conflict (name) do update set value = excluded.value`);
  await launcherAt(clock.ms - 31_000);
  expect((await ask()).code).toBe("sample-network.no-launcher");

  await launcherAt(clock.ms - 5_000);
  const heard: string[] = [];
  const unlisten = await db.listen("energsys_supervisor", (payload) => heard.push(payload));
  expect(await ask()).toEqual({ accepted: true });
  await expect.poll(() => heard).toEqual(['{"type":"sample-network"}']);
  await unlisten();

  await db.query(sql`insert into setting (name, value) values ('sample-network', '{"state": "starting"}')`);
  expect((await call("GET", "/first-run")).body.sampleNetwork).toBe("starting");
  expect((await ask()).code).toBe("sample-network.started");
});
