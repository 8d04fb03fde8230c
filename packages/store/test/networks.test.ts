import {
  addressOf,
  allowDevices,
  defaultNetworks,
  isAllowed,
  isNetworkEntry,
  NetworkRules,
  readNetworks,
  writeNetworks,
  writeVpnSettings,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);

test.each([
  ["10.1.2.3", true],
  ["172.31.255.255", true],
  ["172.32.0.0", false],
  ["100.64.0.1", true],
  ["192.168.1.1", true],
  ["fd12:3456::1", true],
  ["::ffff:10.0.0.1", true],
  ["64:ff9b::10.0.0.1", true],
  ["203.0.113.7", false],
  ["2a02:2f00::1", false],
  ["127.0.0.1", false],
  ["169.254.169.254", false],
  ["fd00:ec2::254", false],
  ["100.100.100.200", false],
  ["::ffff:169.254.169.254", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["fe80::1%eth0", false],
  ["::", false],
  ["::1", false],
  ["not an address", false],
])("unless told, a device may be dialled at %s: %s", (address, allowed) => {
  expect(isAllowed(defaultNetworks.devices, address)).toBe(allowed);
});

test("a wide entry opens nothing that is closed; one that lies within it opens its part", () => {
  for (const closed of ["127.0.0.1", "169.254.169.254", "::1", "224.0.0.1", "fd00:ec2::254"]) {
    expect(isAllowed(["0.0.0.0/0", "::/0", "fc00::/7", "private", "public"], closed)).toBe(false);
  }
  expect(isAllowed(["127.0.0.1"], "127.0.0.1")).toBe(true);
  expect(isAllowed(["127.0.0.1/32"], "127.0.0.2")).toBe(false);
  expect(isAllowed(["127.0.0.0/8"], "::ffff:127.3.4.5")).toBe(true);
  expect(isAllowed(["::1"], "::1")).toBe(true);
  expect(isAllowed(["public"], "203.0.113.7")).toBe(true);
  expect(isAllowed(["public"], "10.0.0.1")).toBe(false);
  expect(isAllowed(["203.0.113.0/24"], "203.0.114.1")).toBe(false);
});

test.each(["10.0.0.0/8", "10.1.2.3", "::1", "fd00::/8", "private", "public"])("%s is an entry", (entry) => {
  expect(isNetworkEntry(entry)).toBe(true);
});

test.each(["", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "fe80::1%eth0", "example.com", "10.0.0"])(
  "%j is no entry",
  (entry) => {
    expect(isNetworkEntry(entry)).toBe(false);
  },
);

test.each([
  ["2130706433", "127.0.0.1"],
  ["0x7f000001", "127.0.0.1"],
  ["0177.0.0.1", "127.0.0.1"],
  ["127.1", "127.0.0.1"],
  ["[::1]", "::1"],
  ["localhost", "127.0.0.1"],
  ["meter.localhost.", "127.0.0.1"],
  ["meter.example.ro", undefined],
])("%s is the address %s", (host, address) => {
  expect(addressOf(host)).toBe(address);
});

test("what is set holds within five seconds; the tunnels' network belongs to it, our own ports never", async () => {
  let nowMs = 1_000_000;
  const rules = new NetworkRules(db, {
    ownPorts: [8420],
    database: { host: "127.0.0.9", port: 5432 },
    now: () => nowMs,
  });
  const may = async (address: string, port = 4059) => (await rules.for("devices"))(address, port);
  expect([await may("10.90.0.2"), await may("127.0.0.1"), await may("203.0.113.7")]).toEqual([
    true,
    false,
    false,
  ]);
  await allowDevices(db, "127.0.0.0/8");
  await allowDevices(db, "127.0.0.0/8");
  expect((await readNetworks(db)).devices).toEqual(["private", "127.0.0.0/8"]);
  expect(await may("127.0.0.1")).toBe(false);
  nowMs += 5_000;
  expect([await may("127.0.0.1"), await may("127.0.0.1", 8420), await may("127.0.0.9", 5432)]).toEqual([
    true,
    false,
    false,
  ]);
  await writeNetworks(db, { ...defaultNetworks, devices: [] });
  await writeVpnSettings(db, {
    network: "10.90.0.0/16",
    endpoint: "vpn.example:51820",
    serverPublicKey: "x",
  });
  nowMs += 5_000;
  expect([await may("10.90.0.2"), await may("10.91.0.2")]).toEqual([true, false]);
});
