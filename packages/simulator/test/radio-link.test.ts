import type { ByteStream } from "@energsys/protocols";
import { expect, test } from "vitest";
import { RadioLink } from "../src/field/radio-link.ts";
import { StageClock } from "./field-line.ts";

/** Both ends of a perfect line in this process. */
function pair(): { readonly near: ByteStream; readonly far: ByteStream; readonly closed: () => boolean } {
  const hearers: ((bytes: Uint8Array) => void)[][] = [[], []];
  const ends: ((cause?: Error) => void)[] = [];
  let closed = false;
  const end = (mine: 0 | 1, other: 0 | 1): ByteStream => ({
    write: (bytes) => {
      for (const hearer of hearers[other]!) hearer(bytes);
    },
    onBytes: (listener) => void hearers[mine]!.push(listener),
    onEnd: (listener) => void ends.push(listener),
    close: () => {
      closed = true;
      for (const listener of ends) listener();
    },
  });
  return { near: end(0, 1), far: end(1, 0), closed: () => closed };
}

async function registered(profile = {}) {
  const clock = new StageClock(0);
  const link = new RadioLink({ clock, seed: 3, profile });
  const addresses: (string | undefined)[] = [];
  link.onAddress = (address) => void addresses.push(address);
  link.power(true);
  await clock.advance(16_000);
  return { clock, link, addresses };
}

/** A connection over the link: what the device hears, what the network hears. */
function connection(link: RadioLink) {
  const { near, far, closed } = pair();
  const device = link.carry(near)!;
  const [atDevice, atNetwork]: [number[], number[]] = [[], []];
  let told: Error | undefined;
  device.onBytes((bytes) => atDevice.push(...bytes));
  device.onEnd((cause) => {
    told = cause;
  });
  far.onBytes((bytes) => atNetwork.push(...bytes));
  return { device, far, atDevice, atNetwork, told: () => told, closed };
}

test("it registers after a while, and has another address each time", async () => {
  const { clock, link, addresses } = await registered();
  expect(link.state).toBe("registered");
  expect(link.signalDbm).toBeLessThan(-60);
  link.power(false);
  expect(link.carry(pair().near)).toBeUndefined();
  expect(link.signalDbm).toBe(0);
  link.power(true);
  expect(link.state).toBe("searching");
  await clock.advance(16_000);
  const [first, gone, second] = addresses;
  expect(first).toMatch(/^10\.\d+\.\d+\.\d+$/);
  expect(gone).toBeUndefined();
  expect(second).toMatch(/^10\./);
  expect(second).not.toBe(first);
});

test("connections in both directions have the latency of the profile", async () => {
  const { clock, link } = await registered({ latencyMs: 400 });
  const { device, far, atDevice, atNetwork } = connection(link);
  expect(link.state).toBe("connected");
  device.write(Uint8Array.of(1));
  far.write(Uint8Array.of(2));
  await clock.advance(399);
  expect([atDevice, atNetwork]).toEqual([[], []]);
  await clock.advance(1);
  expect([atDevice, atNetwork]).toEqual([[2], [1]]);
});

test("a short outage of the cell delays, a long one takes address and connections, and only the device is told", async () => {
  const { clock, link, addresses } = await registered({ latencyMs: 1 });
  const { device, far, atDevice, atNetwork, told, closed } = connection(link);
  link.setCell(false);
  device.write(Uint8Array.of(1));
  far.write(Uint8Array.of(2));
  await clock.advance(19_000);
  expect([atDevice, atNetwork]).toEqual([[], []]);
  link.setCell(true);
  await clock.advance(10);
  expect([atDevice, atNetwork]).toEqual([[2], [1]]);

  link.setCell(false);
  await clock.advance(21_000);
  expect(told()).toBeInstanceOf(Error);
  expect(closed()).toBe(false);
  expect(link.state).toBe("searching");
  far.write(Uint8Array.of(3));
  link.setCell(true);
  await clock.advance(20_000);
  expect(atDevice).toEqual([2]);
  expect(addresses).toHaveLength(3);
  expect(addresses[2]).not.toBe(addresses[0]);
});
