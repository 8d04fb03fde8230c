import { dial, errorCode, openSerial, realClock } from "@energsys/drivers";
import type { ByteStream } from "@energsys/protocols";
import pino from "pino";
import { openCentre } from "./centre/open-centre.ts";
import { type RunningConcentrator, startConcentrator } from "./concentrator.ts";
import {
  type ConcentratorConfig,
  type LineConfig,
  type LinePlace,
  readConfig,
  type SerialPlace,
} from "./config.ts";
import type { ConsoleSubject } from "./console/commands.ts";
import { holdListeningConsole } from "./console/listen.ts";
import { holdSerialConsole } from "./console/serial.ts";
import { ConcentratorError } from "./errors.ts";
import type { ServedConfiguration } from "./objects/served-core.ts";
import { ChangingConcentrator } from "./update/changing-concentrator.ts";

const stopMs = 10_000;
const reserveBytes = 4 * 1024 * 1024;

/** A serial port or a serial server. */
async function openLine({ place, kind }: LineConfig): Promise<ByteStream> {
  if (place.kind === "tcp") return (await dial(place, realClock)).stream();
  const settings =
    kind === "iec"
      ? ({ baudRate: place.baudRate, dataBits: 7, parity: "even" } as const)
      : ({ baudRate: place.baudRate, dataBits: 8, parity: "none" } as const);
  return openSerial(place.path, realClock, { settings });
}

const openTerminal = ({ path, baudRate }: SerialPlace) =>
  openSerial(path, realClock, { settings: { baudRate, dataBits: 8, parity: "none" } });

const openModem = async (place: LinePlace): Promise<ByteStream> =>
  place.kind === "tcp" ? (await dial(place, realClock)).stream() : openTerminal(place);

/** The process: reads its configuration file, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const at = process.argv.indexOf("--config");
  const path = at < 0 ? process.argv[2] : process.argv[at + 1];
  if (!path) throw new ConcentratorError("concentrator.configuration", "--config FILE must be given");
  const configured = readConfig(path);
  const log = pino(
    { level: configured.logLevel, base: { process: "concentrator", identity: configured.identity } },
    pino.destination({ dest: 2, sync: false }),
  );
  const consoles: { stop(): Promise<void> }[] = [];
  const closeConsoles = () => Promise.all(consoles.splice(0).map((each) => each.stop()));
  function openConsoles(
    { listen, serial }: NonNullable<ConcentratorConfig["console"]>,
    subject: () => ConsoleSubject,
  ): void {
    if (serial)
      consoles.push(
        holdSerialConsole({
          place: serial,
          open: openTerminal,
          subject,
          clock: realClock,
          onTrouble: (code) => log.warn({ code, port: serial.path }, "no console on the serial port"),
        }),
      );
    if (listen !== undefined)
      consoles.push(
        holdListeningConsole({
          address: listen,
          subject,
          clock: realClock,
          onTrouble: (code) => log.warn({ code, address: listen }, "no console on the port"),
        }),
      );
  }
  async function begin(
    config: ConcentratorConfig,
    update: ServedConfiguration,
    startedBecause: string | undefined,
  ): Promise<RunningConcentrator> {
    await closeConsoles();
    const options = {
      clock: realClock,
      log,
      random: Math.random,
      openLine,
      openCentre: (address: string) => openCentre(address, config.centre.tls, realClock),
      openModem,
      store: { durability: "power", reserveBytes, exclusive: true },
      onShutdown: () => stop("supply"),
      ...(startedBecause === undefined ? {} : { startedBecause }),
    } as const;
    const started = await startConcentrator(config, options, update);
    const { edge, serving } = started;
    const subject = { edge, core: serving.core, centre: serving.centre };
    if (config.console) openConsoles(config.console, () => subject);
    return started;
  }
  const changing = await ChangingConcentrator.start({ path, clock: realClock, log, begin }, configured);
  process.stdout.write(`${JSON.stringify({ ready: true, identity: configured.identity })}\n`);
  let stopping = false;
  function stop(why: "ordered" | "supply"): void {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMs).unref();
    void closeConsoles();
    changing.stop(why).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ code: errorCode(error) }, "stopping failed");
        log.flush(() => process.exit(1));
      },
    );
  }
  process.on("SIGTERM", () => stop("ordered"));
  process.on("SIGINT", () => stop("ordered"));
}

try {
  await main();
} catch (error) {
  const code = error instanceof ConcentratorError ? error.code : errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
