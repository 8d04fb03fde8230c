import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { SimulatorError } from "../src/errors.ts";
import { readFieldConfig } from "../src/field/field-command.ts";
import { actOn } from "../src/field/field-console.ts";
import { buildFieldSite } from "../src/field/field-site.ts";
import { answer, command, StageClock, typist } from "./field-line.ts";
import { ascii, dial, nowMs, until } from "./support.ts";

function stage() {
  const clock = new StageClock(nowMs);
  const site = buildFieldSite({ clock, seed: 3, modules: 2, inputs: 8, meters: 2 });
  const line = typist(site.bus.master());
  const say = async (text: string, waitMs = 300) => {
    line.send(text);
    await clock.advance(waitMs);
    return line.seen();
  };
  const [first = "", second = ""] = site.modules.keys();
  return { clock, site, say, first, second };
}

test("a site has modules with meters on their inputs, meters by address, and a supply unit that feeds the modules", async () => {
  const { site, say, first, second, clock } = stage();
  await clock.advance(3_600_000);
  const block = await say(`/?${first}!\r\n`);
  expect(block).toContain(`0-0:96.1.0(${first})`);
  for (const [index, meter] of site.modules.get(first)!.meters.entries()) {
    expect(block).toContain(`0-${index + 1}:96.1.0(${meter.name})`);
    const pulses = meter.pulses(clock.now()) - meter.pulses(nowMs);
    const counted = Number(new RegExp(`1-${index + 1}:82\\.8\\.0\\((\\d{10})\\)`).exec(block)?.[1]);
    // The block was made some milliseconds ago.
    expect(pulses - counted).toBeGreaterThanOrEqual(0);
    expect(pulses - counted).toBeLessThanOrEqual(1);
  }
  expect(await say("/?1!\r\n")).toMatch(/^\/(ENS|ISK|ELS|LGZ)/);
  site.supply.setMains(0);
  await clock.advance(9 * 3_600_000);
  expect(await say(`/?${second}!\r\n`)).toBe("");
  site.stop();
});

test("an open relay of a module stops its meter, and a closed one lets it count again", async () => {
  const { site, say, first, clock } = stage();
  const { meters, module } = site.modules.get(first)!;
  const order = async (to: 0 | 1) => {
    await say(`/?${first}!\r\n`);
    await say(command("P1\x02(00000000)"));
    expect(await say(command(`W1\x020-1:96.3.10(${to})`))).toBe("\x06");
  };
  await order(0);
  const counted = meters[0]!.countedWh(clock.now());
  await clock.advance(10 * 3_600_000);
  expect(meters[0]!.countedWh(clock.now())).toBe(counted);
  expect(meters[1]!.countedWh(clock.now())).toBeGreaterThan(0);
  await order(1);
  const pulses = module.pulses(1);
  await clock.advance(10 * 3_600_000);
  expect(module.pulses(1)).toBeGreaterThan(pulses);
  site.stop();
});

test("lines of text do something to a site, and a wrong one says what there is", async () => {
  const { site, say, first } = stage();
  const { state } = site.modules.get(first)!.module;
  for (const line of [
    `door ${first} 1 open`,
    `meter ${first} 2 cover on`,
    `meter ${first} 3 wrong-wiring on`,
    `wire ${first} 4 broken`,
    `restart ${first}`,
    "mains 0",
    "noise 1e-5",
  ]) {
    expect([line, actOn(site, line)]).toEqual([line, "ok"]);
  }
  expect(state.doorsClosed).toEqual([false, true]);
  expect(state.inputs.slice(1, 4)).toMatchObject([
    { tamperOpen: true },
    { wrongWiring: true },
    { lineBroken: true },
  ]);
  expect(state.starts).toBe(2);
  actOn(site, "noise 0");
  expect(actOn(site, `relay ${first} 1 jammed`)).toBe("ok");
  await say(`/?${first}!\r\n`);
  await say(command("P1\x02(00000000)"));
  expect(await say(command("W1\x020-1:96.3.10(0)"))).toBe(answer("(ERR31)"));
  actOn(site, "cut 0");
  expect(await say(`/?${first}!\r\n`)).toBe("");
  actOn(site, "mend");
  expect(await say(`/?${first}!\r\n`)).not.toBe("");
  expect(actOn(site, "door 99999999 1 open")).toBe("no module 99999999");
  expect(actOn(site, `meter ${first} 9 magnet on`)).toBe("no input 9");
  expect(actOn(site, "explode")).toMatch(/^one of: mains VOLTS; door MODULE/);
  site.stop();
});

test("the command says everything that is wrong with its flags", () => {
  const wrong = () =>
    readFieldConfig(["--listen", "x", "--inputs", "9", "--modules", "99", "--duplex", "no"]);
  expect(wrong).toThrow(SimulatorError);
  expect(wrong).toThrow(/--listen.*--modules is 0 to 32.*--inputs is 8, 16 or 32.*--duplex/);
});

test("`simulate field` offers bus, supply line and modem, and takes lines", async () => {
  const main = new URL("../src/main.ts", import.meta.url).pathname;
  const args = ["field", "--modules", "1", "--meters", "1", "--baud", "0", "--parity", "--seed", "3"];
  const child = spawn(process.execPath, [main, ...args]);
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ready = JSON.parse((await lines.next()).value ?? "");
    expect(ready).toMatchObject({ ready: true, modules: ["30003001"], meters: [{ address: "1" }] });
    const bus = await dial(Number(ready.bus.split(":")[1]));
    const heard = () => String.fromCharCode(...bus.received.map((byte) => byte & 0x7f));
    bus.write(ascii("/?30003001!\r\n"));
    await until(() => /![0-9A-F]{4}\r\n$/.test(heard()));
    // Slash has five ones: with even parity it goes as AF.
    expect(bus.received[0]).toBe(0xaf);
    child.stdin.write("door 30003001 2 open\n");
    expect((await lines.next()).value).toBe("ok");
    bus.received.length = 0;
    bus.write(ascii("/?30003001!\r\n"));
    await until(() => /![0-9A-F]{4}\r\n$/.test(heard()));
    expect(heard()).toContain("0-0:96.3.1(01)");
    const supply = await dial(Number(ready.supply.split(":")[1]));
    child.stdin.write("mains 0\n");
    await until(() =>
      String.fromCharCode(...supply.received.map((byte) => byte & 0x7f)).includes("0-0:96.5.0(01)"),
    );
    const modem = await dial(Number(ready.modem.split(":")[1]));
    modem.write(ascii("AT\r"));
    await until(() => String.fromCharCode(...modem.received).includes("OK"));
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
