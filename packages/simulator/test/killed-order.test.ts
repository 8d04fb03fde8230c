import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { decodeOutcomeBody } from "@energsys/metering";
import { afterEach, expect, test } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { listenBus } from "../src/field/bus-server.ts";
import { attachBlockDevice } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { uniform } from "../src/random.ts";
import { realLineClock } from "./field-line.ts";
import { calendar } from "./support.ts";

const kills = Number(process.env.ENERGSYS_TIMES ?? 2);
const program = fileURLToPath(new URL("ordering-process.ts", import.meta.url));
const name = "ENS70500001";
const seed = 3;

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

test(`a concentrator is killed ${kills} times in the middle of an order: what was written is finished and told after its restart, and the contact moves once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-killed-order-"));
  ending.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "store.sqlite");
  const bus = new Bus({ clock: realLineClock });
  const state = newModuleState(8, [{ name, energyPerPulseWh: "1", relay: "closed" }], Date.now());
  state.shortAddress = "2";
  let moves = 0;
  const module = new LocalModule({
    serial: "00012345",
    clock: realLineClock,
    calendar,
    state,
    onRelay: () => moves++,
  });
  attachBlockDevice(bus, module, realLineClock);
  const server = await listenBus(bus);
  ending.push(() => server.close());

  let child: ChildProcess | undefined;
  ending.push(() => child?.kill("SIGKILL"));
  const start = async (order = ""): Promise<ChildProcess> => {
    const args = [path, String(server.port), name, order];
    child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout!, "data");
    return child;
  };
  const kill = async (one: ChildProcess) => {
    const closed = once(one, "close");
    one.kill("SIGKILL");
    await closed;
  };
  /** Orders and outcomes as the store has them, whatever process is at it. */
  const store = () => {
    const sqlite = new DatabaseSync(path, { readOnly: true });
    try {
      const orders = sqlite.prepare("select number, state from relay_order order by number").all();
      const outcomes = sqlite
        .prepare("select body from journal where kind = 5 order by number")
        .all()
        .map(({ body }) => decodeOutcomeBody(body as Uint8Array));
      return { orders: orders as { number: number; state: string }[], outcomes };
    } finally {
      sqlite.close();
    }
  };
  await kill(await start());

  let written = 0;
  let interrupted = 0;
  for (let round = 0; round < kills; round++) {
    const before = { closed: state.inputs[0]!.relay === "closed", moves, ...store() };
    const kind = before.closed ? "disconnect" : "reconnect";
    const victim = await start(kind);
    // An order takes about 300 ms here: two blocks, the password, the command, the contact.
    await new Promise((resolve) => setTimeout(resolve, uniform(seed, round) * 350));
    await kill(victim);
    const cut = store();
    const wrote = cut.orders.length - before.orders.length;
    expect(wrote).toBeLessThanOrEqual(1);
    const open = cut.orders.filter((order) => order.state === "open").length;
    written += wrote;
    interrupted += open;
    // Not written: nothing has happened, and nothing will.
    if (wrote === 0) expect(state.inputs[0]!.relay).toBe(before.closed ? "closed" : "open");
    const next = await start();
    await expect
      .poll(() => store().orders.filter((order) => order.state === "open").length, { timeout: 20_000 })
      .toBe(0);
    const after = store();
    expect(state.inputs[0]!.relay).toBe((wrote === 1) === before.closed ? "open" : "closed");
    expect(moves - before.moves).toBe(wrote);
    expect(after.orders.at(-1)?.state ?? "confirmed").toBe("confirmed");
    const told = after.outcomes.slice(before.outcomes.length);
    expect(told.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(wrote);
    await kill(next);
    // The latch holds without anybody.
    expect(state.inputs[0]!.relay).toBe((wrote === 1) === before.closed ? "open" : "closed");
  }
  // Some of them were cut in the middle, or this shows nothing.
  expect(interrupted).toBeGreaterThan(0);
  expect(moves).toBe(written);
}, 600_000);
