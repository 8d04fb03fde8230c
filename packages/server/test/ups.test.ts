import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { askUps, upsPlaceOf } from "../src/health/ups.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Somebody on a port who says this to whoever asks; what a `upsd` of Network UPS Tools 2.8.0 says was taken down from one. */
async function saying(text: string): Promise<{ host: string; port: number; name: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write(text));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, name: "rack" };
}

const variables = (status: string, charge = "97") =>
  [
    "BEGIN LIST VAR rack",
    `VAR rack battery.charge "${charge}"`,
    'VAR rack battery.runtime "1800"',
    'VAR rack device.model "Dummy UPS"',
    'VAR rack driver.parameter.port "/dev/ups \\"1\\""',
    `VAR rack ups.status "${status}"`,
    "END LIST VAR rack\n",
  ].join("\n");

test.each([
  ["on mains", "OL CHRG", null],
  ["on battery", "OB DISCHRG", "ups.on-battery"],
  ["battery low", "OB LB", "ups.battery-low"],
  ["told to go down", "FSD OB", "ups.battery-low"],
  ["its battery is to be replaced", "OL RB", "ups.replace-battery"],
  ["in a state that nobody knows", "", "ups.away"],
] as const)("%s", async (_, status, code) => {
  expect(await askUps(await saying(variables(status)))).toEqual({
    chargePercent: 97,
    runtimeSeconds: 1800,
    code,
  });
});

test("a charge with a fraction is rounded, one that is no number is not known", async () => {
  expect(await askUps(await saying(variables("OL", "96.6")))).toMatchObject({ chargePercent: 97 });
  expect(await askUps(await saying(variables("OL", "full")))).toMatchObject({
    chargePercent: null,
    code: null,
  });
});

test("an unknown unit, a chatterer, half an answer and a closed port are all a supply that nobody sees", async () => {
  const awayState = { chargePercent: null, runtimeSeconds: null, code: "ups.away" };
  expect(await askUps(await saying("ERR UNKNOWN-UPS\n"))).toEqual(awayState);
  expect(await askUps(await saying("x".repeat(20_000)))).toEqual(awayState);
  const half = await saying(variables("OL").slice(0, 40));
  expect(await askUps(half)).toEqual(awayState);
  servers.splice(0).map((server) => server.close());
  expect(await askUps({ ...half, port: 1 })).toEqual(awayState);
});

test("the address of a unit", () => {
  expect(upsPlaceOf("nut://ups.example/rack")).toEqual({ host: "ups.example", port: 3493, name: "rack" });
  expect(upsPlaceOf("nut://[::1]:3500/a")).toEqual({ host: "::1", port: 3500, name: "a" });
  for (const wrong of ["rack@host", "nut://host", "nut://host:99999/rack", "nut://host/rack\nLOGIN"])
    expect(upsPlaceOf(wrong)).toBeUndefined();
});
