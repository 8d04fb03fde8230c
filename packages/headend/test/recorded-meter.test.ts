import { connect } from "node:net";
import {
  capturedSession,
  isThere,
  ownSession,
  readSession,
  replay,
  startPeer,
} from "@energsys/drivers/testing";
import { data, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { type Inventory, importInventory, sql } from "@energsys/store";
import { afterEach, expect, test } from "vitest";
import { countOf, startTestHeadend, testDatabase, until } from "./town.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const inventoryOf = (device: Inventory["points"][number]["device"]): Inventory => ({
  branches: [],
  plan: { name: "hourly", everySeconds: 3600, backfillDays: 2 },
  points: [
    {
      pod: "RO001E100000001",
      name: "",
      address: "",
      branch: ["B"],
      phases: 1,
      meter: { serial: device.identity, manufacturer: "ISKRA", model: device.model, phases: 1 },
      installedAt: "2026-01-01T00:00:00Z",
      device,
    },
  ],
});

const sessions = [
  ["a real ISKRA ME162", capturedSession("iec-isk-me162-mode-c"), "28342193"],
  ["our own recording", ownSession("own-mode-c"), "70100000"],
] as const;

for (const [name, file, identity] of sessions) {
  test.skipIf(!isThere(file))(
    `the session of ${name}, replayed byte by byte, ends in stored registers`,
    async () => {
      const { db, drop } = await testDatabase();
      ends.push(drop);
      const peer = await startPeer(replay(readSession(file)));
      ends.push(() => peer.stop());
      const url = `iec62056-21+tcp://127.0.0.1:${peer.port}?mode=C`;
      await importInventory(db, inventoryOf({ identity, model: "iskra-me162", url, direction: "dial" }));
      const running = await startTestHeadend(db);
      ends.push(() => running.stop());
      await until(
        async () => (await countOf(db, sql`select count(*) as n from attempt where state = 'done'`)) === 1,
      );
      expect(peer.complaints).toEqual([]);
      const { rows } = await db.query<{ obis: string; value: string; unit: string }>(
        sql`select obis, value, unit from register_reading order by obis`,
      );
      expect(rows.map(({ obis }) => obis)).toEqual(
        ["1.8.0", "1.8.1", "1.8.2", "2.8.0", "2.8.1", "2.8.2"].map((code) => `1-0:${code}*255`),
      );
      if (identity === "28342193") {
        expect(rows[0]).toEqual({ obis: "1-0:1.8.0*255", value: "33402.264", unit: "kWh" });
        expect(rows[3]).toEqual({ obis: "1-0:2.8.0*255", value: "13.465", unit: "kWh" });
      }
      // The trail: the readout as it came, and the registers that were read again.
      const blocks = await db.query<{ kind: string; bytes: Uint8Array }>(
        sql`select kind, bytes from block order by kind`,
      );
      expect(blocks.rows.map(({ kind }) => kind)).toEqual(["iec62056-21-readout", "iec62056-21-registers"]);
      expect(Buffer.from(blocks.rows[0]!.bytes).toString("latin1")).toContain("/ISK5ME162-0033");
    },
  );
}

test.each([
  ["that comes later", true],
  ["that is the registration itself", false],
])("a push %s is stored, and confirmed only when it is", async (_, registersBefore) => {
  const { db, drop } = await testDatabase();
  ends.push(drop);
  const running = await startTestHeadend(db);
  ends.push(() => running.stop());
  const device = {
    identity: "PUSH0001",
    model: "generic-dlms",
    url: "dlms+tcp://?client=16",
    direction: "call-in",
  } as const;
  await importInventory(db, inventoryOf(device));
  await db.query(sql`delete from device_plan`);
  const [host, port] = running.listen!.split(":") as [string, string];
  const socket = connect({ host, port: Number(port) });
  ends.push(async () => socket.destroy());
  let received: Uint8Array = new Uint8Array(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk as Buffer]);
  });
  if (registersBefore) {
    socket.write("PUSH0001\r\n");
    await until(
      async () => (await countOf(db, sql`select count(*) as n from link where state = 'open'`)) === 1,
    );
  }

  const longInvokeId = 0x4000_0009;
  const body = data.structure(
    ...(registersBefore ? [] : [data.octets(new TextEncoder().encode("PUSH0001"))]),
    data.octets(Uint8Array.of(1, 0, 1, 8, 0, 255)),
    data.uint32(123_456),
    data.structure(data.int8(0), data.enum(30)),
  );
  const apdu = encodeApdu({ kind: "data-notification", longInvokeId, body });
  const frame = encodeWrapperFrame({ sourcePort: 1, destinationPort: 1, apdu });
  // In two pieces, as a modem would send it.
  socket.write(frame.subarray(0, 10));
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.write(frame.subarray(10));
  await until(async () => takeWrapperFrame(received) !== undefined);
  expect(Uint8Array.from(takeWrapperFrame(received)!.frame.apdu)).toEqual(
    encodeApdu({ kind: "data-notification-confirm", longInvokeId }),
  );
  const { rows } = await db.query(sql`select obis, value, unit from register_reading`);
  expect(rows).toEqual([{ obis: "1-0:1.8.0*255", value: "123456", unit: "Wh" }]);
  expect(await countOf(db, sql`select count(*) as n from block where kind = 'dlms-push'`)).toBe(1);
});
