import { recogniseModel } from "@energsys/metering/models";
import { type IecTelegram, ReadoutReader } from "@energsys/protocols/iec62056-21";
import type { DeviceReading, ReadOptions, ReadRequest } from "../device-reading.ts";
import { HeadendError } from "../errors.ts";
import type { IecUrl, P1Url } from "../url.ts";
import { findIdentity, listAddresses, readClock, takeRegisters } from "./iec-readout.ts";
import { ReadSession } from "./session.ts";

/** Telegrams with a wrong check that are passed over: the first is often cut, since it was under way already. */
const telegramsMax = 5;

/** Reads a device that sends by itself, mode D or P1: takes the next whole telegram whose check does not say `bad`. */
export async function readUnasked(
  url: IecUrl | P1Url,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const session = await ReadSession.open(url, request, options);
  return session.cancellable(async () => {
    try {
      const telegram = await nextTelegram(session);
      const atMs = session.now();
      const { identification } = telegram;
      session.stage("associated");
      session.identification = identification?.identification ?? "";
      session.manufacturer = identification?.manufacturer ?? "";
      session.model = request.model ?? recogniseModel(url.protocol, identification ?? {});
      session.identify(findIdentity(session, telegram.dataSets));
      for (const fault of telegram.faults.slice(0, 10)) session.warn(`${fault.code} at byte ${fault.offset}`);
      if (request.clock ?? request.registers !== undefined) readClock(session, telegram.dataSets, atMs);
      const registers = takeRegisters(session, telegram.dataSets, atMs);
      if (request.objects) session.objects = listAddresses(telegram.dataSets, session.limits.objectsListed);
      if (registers.length > 0) session.stage("registers");
      await session.hand("iec62056-21-readout", {
        registers,
        ...(session.clock ? { clockOffsetMs: session.clock.offsetMs } : {}),
      });
      return session.finish();
    } finally {
      if (!session.keepsLine) session.stream.close();
    }
  });
}

function nextTelegram(session: ReadSession): Promise<IecTelegram> {
  const reader = new ReadoutReader();
  let seen = 0;
  return new Promise((resolve, reject) => {
    const { clock } = session.options;
    const late = new HeadendError("read.nothing-sent", "no whole telegram came");
    const cancel = clock.after(session.limits.firstByteMs, () => reject(late));
    const fail = (error: Error): void => {
      cancel();
      reject(error);
    };
    session.stream.onEnd((cause) =>
      fail(new HeadendError("read.nothing-sent", "the line was closed", cause)),
    );
    session.stream.onBytes((chunk) => {
      session.tape.received(chunk);
      for (const telegram of reader.push(chunk)) {
        const bad = telegram.check.bcc === "bad" || telegram.check.crc === "bad" || telegram.end !== "mark";
        const whole = !bad && telegram.identification !== undefined && telegram.dataSets.length > 0;
        if (whole) {
          cancel();
          resolve(telegram);
        } else if (++seen >= telegramsMax) {
          fail(new HeadendError("read.telegrams-bad", `${seen} telegrams came, none of them whole`));
        }
      }
    });
  });
}
