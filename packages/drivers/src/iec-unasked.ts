import { quality } from "@energsys/metering";
import { recogniseModel } from "@energsys/metering/models";
import { type IecTelegram, ReadoutReader } from "@energsys/protocols/iec62056-21";
import { nodeCiphers } from "@energsys/protocols/node";
import { CipheredP1Reader, openP1, type P1Keys } from "@energsys/protocols/p1";
import type { DeviceReading, ReadOptions, ReadRequest } from "./device-reading.ts";
import { DriverError } from "./errors.ts";
import { keysOfUrl } from "./given-keys.ts";
import { findIdentity, listAddresses, readClock, takeRegisters } from "./iec-readout.ts";
import { ReadSession } from "./session.ts";
import type { IecUrl, P1Url } from "./url.ts";

/** Telegrams with a wrong check that are passed over: the first is often cut, since it was under way already. */
const telegramsMax = 5;

/** A telegram as it came, or why it is none that may be used. */
type Heard =
  | { readonly telegram: IecTelegram; readonly flags: number }
  | { readonly refused: "telegram" | "seal"; readonly code: string };

/** Reads a device that sends by itself, mode D or P1: takes the next whole telegram whose check does not say `bad`. */
export async function readUnasked(
  url: IecUrl | P1Url,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const session = await ReadSession.open(url, request, options);
  return session.cancellable(async () => {
    const keys = url.protocol === "p1" ? p1Keys(url, request) : undefined;
    const hear = keys ? hearCiphered(keys) : hearPlain();
    const { telegram, flags } = await nextTelegram(session, hear);
    const atMs = session.now();
    const { identification } = telegram;
    session.stage("associated");
    session.identification = identification?.identification ?? "";
    session.manufacturer = identification?.manufacturer ?? "";
    session.model = request.model ?? recogniseModel(url.protocol, identification ?? {});
    session.identify(findIdentity(session, telegram.dataSets));
    for (const fault of telegram.faults.slice(0, 10)) session.warn(`${fault.code} at byte ${fault.offset}`);
    if (flags !== 0) session.warn("dlms.tag-unchecked: the telegram is unauthenticated, as the URL asks for");
    if (request.clock ?? request.registers !== undefined) readClock(session, telegram.dataSets, atMs);
    const registers = takeRegisters(session, telegram.dataSets, atMs).map((reading) =>
      flags === 0 ? reading : { ...reading, flags: reading.flags | flags },
    );
    if (request.objects) session.objects = listAddresses(telegram.dataSets, session.limits.objectsListed);
    if (registers.length > 0) session.stage("registers");
    await session.hand("iec62056-21-readout", {
      registers,
      ...(session.clock ? { clockOffsetMs: session.clock.offsetMs } : {}),
    });
    return session.finish();
  });
}

/** Keys of a port that ciphers whole telegrams (Luxembourg, Austria); without any it sends in the clear. */
function p1Keys(url: P1Url, request: ReadRequest): P1Keys | undefined {
  const { encryptionKey, authenticationKey } = keysOfUrl(url.secret, request.keys);
  if (!encryptionKey) return undefined;
  if (!authenticationKey && !url.tagUnchecked) {
    throw new DriverError(
      "read.key-missing",
      "a ciphered port needs its authentication key, or tag=unchecked where nobody hands it out",
    );
  }
  return {
    encryption: encryptionKey,
    ...(authenticationKey && { authentication: authenticationKey }),
    ...(url.tagUnchecked && { tagUnchecked: true }),
  };
}

function hearPlain(): (chunk: Uint8Array) => Heard[] {
  const reader = new ReadoutReader();
  return (chunk) => reader.push(chunk).map(judge);
}

/** Only ciphered telegrams count: one in the clear could come from anybody. */
function hearCiphered(keys: P1Keys): (chunk: Uint8Array) => Heard[] {
  const reader = new CipheredP1Reader();
  return (chunk) =>
    reader.push(chunk).map((message): Heard => {
      const opened = openP1(message, keys, nodeCiphers);
      if (!opened.ok) return { refused: "seal", code: opened.code };
      const heard = judge(opened.telegram);
      return "telegram" in heard && opened.tag !== "good"
        ? { ...heard, flags: quality.unauthenticated }
        : heard;
    });
}

function judge(telegram: IecTelegram): Heard {
  const { check, end, identification, dataSets } = telegram;
  const bad = check.bcc === "bad" || check.crc === "bad" || end !== "mark";
  const whole = !bad && identification !== undefined && dataSets.length > 0;
  return whole ? { telegram, flags: 0 } : { refused: "telegram", code: "" };
}

function nextTelegram(
  session: ReadSession,
  hear: (chunk: Uint8Array) => Heard[],
): Promise<Extract<Heard, { telegram: IecTelegram }>> {
  let seen = 0;
  return new Promise((resolve, reject) => {
    const { clock } = session.options;
    const late = new DriverError("read.nothing-sent", "no whole telegram came");
    const cancel = clock.after(session.limits.firstByteMs, () => reject(late));
    const fail = (error: Error): void => {
      cancel();
      reject(error);
    };
    session.stream.onEnd((cause) => fail(new DriverError("read.nothing-sent", "the line was closed", cause)));
    session.stream.onBytes((chunk) => {
      session.tape.received(chunk);
      for (const heard of hear(chunk)) {
        if ("telegram" in heard) {
          cancel();
          resolve(heard);
        } else if (++seen >= telegramsMax) {
          fail(
            heard.refused === "seal"
              ? new DriverError("read.telegrams-sealed", `${seen} telegrams came: ${heard.code}`)
              : new DriverError("read.telegrams-bad", `${seen} telegrams came, none of them whole`),
          );
        }
      }
    });
  });
}
