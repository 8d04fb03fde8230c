import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { readConcentratorsConfig } from "../src/field/concentrators-command.ts";
import { startVirtualConcentrator } from "../src/field/virtual-concentrator.ts";
import { realLineClock } from "./field-line.ts";

test("a virtual concentrator calls its centre by TCP, says who it is, and holds what its bus has", async () => {
  let heard = "";
  const centre = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve) => centre.listen(0, "127.0.0.1", resolve));
  const { port } = centre.address() as AddressInfo;
  const one = await startVirtualConcentrator({
    clock: realLineClock,
    seed: 7,
    callIn: `127.0.0.1:${port}`,
    modules: 1,
    meters: 1,
  });
  try {
    await expect.poll(() => heard, { timeout: 20_000 }).toContain("ENC0000000000007");
    await one.running.edge.scan();
    const kinds = one.running.edge.devices().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "input")).toHaveLength(8);
    expect(kinds.filter((kind) => kind === "iec")).toHaveLength(1);
  } finally {
    await one.stop();
    centre.close();
  }
}, 60_000);

test("everything that is wrong with its command is told at once", () => {
  expect(() => readConcentratorsConfig(["--count", "0", "--modules", "99"])).toThrow(
    "--count is 1 to 100; --modules is 0 to 32; --call-in is HOST:PORT",
  );
});
