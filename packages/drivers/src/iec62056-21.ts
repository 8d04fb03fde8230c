import type { RegisterReading } from "@energsys/metering";
import { recogniseModel } from "@energsys/metering/models";
import type { ObisCode } from "@energsys/protocols";
import { IecReader, type IecReaderOptions, type IecTelegram } from "@energsys/protocols/iec62056-21";
import { findDecimal } from "./decimal.ts";
import type { DeviceReading, ReadOptions, ReadRequest } from "./device-reading.ts";
import { readIecEvents, readIecProfile } from "./iec-programming.ts";
import {
  findIdentity,
  listAddresses,
  missingRegisters,
  readClock,
  registerOf,
  takeRegisters,
} from "./iec-readout.ts";
import type { ReadLimits } from "./limits.ts";
import { ReadSession } from "./session.ts";
import type { IecUrl } from "./url.ts";

/** What the URL says about the line, as the reader takes it. */
export function readerOptions(url: IecUrl, limits: ReadLimits): IecReaderOptions {
  const initial = url.line.kind === "serial" ? url.line.baudRate : undefined;
  return {
    responseTimeoutMs: limits.responseMs,
    characterTimeoutMs: Math.min(3000, limits.responseMs),
    ...(initial === undefined ? {} : { initialBaudRate: initial }),
    ...(url.wakeUp ? { wakeUp: {} } : {}),
    ...(url.evenParity ? { evenParity: true } : {}),
    ...(url.echo === undefined ? {} : { echo: url.echo }),
  };
}

/**
 * Reads an IEC 62056-21 device of mode A, B or C: readout first, which says who it is; then, when profiles, logs or registers outside of
 * the readout are asked for, a second sign-on and the programming mode.
 */
export async function readIec(
  url: IecUrl,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const session = await ReadSession.open(url, request, options);
  const quirks = session.model.quirks;
  const reader = new IecReader(session.stream, options.clock, {
    ...readerOptions(url, session.limits),
    recorder: session.tape,
    ...(quirks.gapMs ? { turnaroundMs: quirks.gapMs.value } : {}),
  });
  return session.cancellable(async () => {
    try {
      if (quirks.breakBeforeSignOn?.value) await reader.signOff();
      const identification = await reader.signOn({ address: url.address });
      session.stage("associated");
      session.identification = identification.identification;
      session.manufacturer = identification.manufacturer;
      session.model = request.model ?? recogniseModel("iec62056-21", identification);

      const readout = await reader.readout();
      const atMs = session.now();
      session.identify(findIdentity(session, readout.dataSets));
      for (const fault of readout.faults.slice(0, 10)) session.warn(`${fault.code} at byte ${fault.offset}`);
      if (readout.check.bcc === "absent")
        session.warn("iec.bcc-absent: the readout came without its check byte");
      readClock(session, readout.dataSets, atMs);
      const registers = takeRegisters(session, readout.dataSets, atMs);
      if (request.objects) session.objects = listAddresses(readout.dataSets, session.limits.objectsListed);

      const confirm = session.model.quirks.confirmRegisters?.value ?? [];
      const missing = missingRegisters(request, registers);
      const programming =
        missing.length > 0 ||
        (request.registers !== undefined && request.registers !== false && confirm.length > 0) ||
        (request.profiles ?? []).some(
          (range) => range.obis !== undefined || session.model.profiles.length > 0,
        ) ||
        (request.events !== undefined && session.model.eventLogs.some((log) => log.iecAddress));
      let blocks = session.tape.cut("iec62056-21-readout");
      if (programming) {
        await enterProgramming(session, reader, url, request);
        if (request.registers) {
          await confirmRegisters(session, reader, registers, confirm);
          await readMissing(session, reader, registers, missing);
          blocks = [...blocks, ...session.tape.cut("iec62056-21-registers")];
        }
      }
      if (registers.length > 0) session.stage("registers");
      await session.hand("iec62056-21-readout", {
        blocks,
        registers,
        ...(session.clock ? { clockOffsetMs: session.clock.offsetMs } : {}),
      });
      await session.readProfiles((range) => readIecProfile(session, reader, range));
      if (request.events && programming) {
        session.stage("events");
        await readIecEvents(session, reader, request.events.fromMs);
      }
      return session.finish();
    } finally {
      await reader.close();
    }
  });
}

/** Signs on again and enters the programming mode; the password goes over the line only when the meter wants one. */
export async function enterProgramming(
  session: ReadSession,
  reader: IecReader,
  url: IecUrl,
  request: ReadRequest,
): Promise<void> {
  session.check();
  const { quirks } = session.model;
  const pause = quirks.pauseBeforeSignOnMs?.value ?? 0;
  if (pause > 0) await new Promise<void>((resolve) => session.options.clock.after(pause, resolve));
  if (quirks.breakBeforeSignOn?.value) await reader.signOff();
  await reader.signOn({ address: url.address });
  const password = url.secret.password ?? request.keys?.password;
  const given = password !== undefined && quirks.passwordNeeded?.value !== false;
  await reader.enterProgramming(given ? { password } : {});
  session.tape.drop();
}

/** The address that a code is read by in programming mode: `1-0:1.8.0*255` is asked for as `1.8.0`. */
function shortAddress(obis: ObisCode): string {
  return obis.replace(/^\d+-\d+:/, "").replace(/\*255$/, "");
}

async function readOne(
  reader: IecReader,
  obis: ObisCode,
  atMs: number,
): Promise<RegisterReading | undefined> {
  const answer: IecTelegram = await reader.read("R1", shortAddress(obis));
  const [set] = answer.dataSets;
  if (answer.error !== undefined || !set) return undefined;
  return registerOf({ address: obis, values: set.values }, atMs);
}

/**
 * Reads registers that are billed a second time: the check byte of a readout lets about one wrong kilobyte in two thousand
 * pass on a bad line. A register only rises, so the second value must not be below the first.
 */
async function confirmRegisters(
  session: ReadSession,
  reader: IecReader,
  registers: RegisterReading[],
  codes: readonly ObisCode[],
): Promise<void> {
  for (const [index, first] of registers.entries()) {
    if (!codes.includes(first.obis)) continue;
    session.check();
    const second = await readOne(reader, first.obis, session.now());
    if (!second) continue;
    const [before, after] = [findDecimal(first.value), findDecimal(second.value)];
    const agrees = before && after && before.decimals === after.decimals && after.integer >= before.integer;
    if (!agrees || after.integer - before.integer > 10n ** BigInt(before.decimals + 1)) {
      session.warn(`register.unconfirmed: ${first.obis} was ${first.value}, then ${second.value}`);
      registers.splice(index, 1, { ...first, flags: first.flags | 0x0100 });
    }
  }
}

async function readMissing(
  session: ReadSession,
  reader: IecReader,
  registers: RegisterReading[],
  codes: readonly ObisCode[],
): Promise<void> {
  for (const obis of codes) {
    session.check();
    const reading = await readOne(reader, obis, session.now());
    if (reading) registers.push(reading);
    else session.lacks(obis, "not there");
  }
}
