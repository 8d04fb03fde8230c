import { recogniseModel } from "@energsys/metering/models";
import type { ObisCode } from "@energsys/protocols";
import { type CosemObject, decodeObjectList } from "@energsys/protocols/cosem";
import {
  type ApduLink,
  type Authentication,
  type DataValue,
  DlmsClient,
  decodeDateTime,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { WrapperLink } from "@energsys/protocols/wrapper";
import type { DeviceReading, ReadOptions, ReadRequest } from "../device-reading.ts";
import { HeadendError } from "../errors.ts";
import type { DlmsUrl } from "../url.ts";
import { readDlmsEvents } from "./dlms-events.ts";
import { readObjectValues } from "./dlms-objects.ts";
import { readDlmsProfile } from "./dlms-profile.ts";
import { readRegisters, registersOf } from "./dlms-registers.ts";
import { ReadSession } from "./session.ts";
import { dateTimeRules } from "./zone.ts";

/** Reads a DLMS meter by logical names, over the TCP wrapper or HDLC. The object list is read only when it is needed. */
export async function readDlms(
  url: DlmsUrl,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const session = await ReadSession.open(url, request, options);
  return session.cancellable(async () => {
    const client = await DlmsClient.associate(openLink(url, session), {
      authentication: authenticationOf(url, request),
      valueLengthMax: session.limits.valueBytes,
    });
    const dlms = new DlmsSession(session, client);
    try {
      session.tape.drop();
      session.stage("associated");
      await dlms.identify();
      if (request.clock ?? request.registers !== undefined) await dlms.readClock();
      if (request.objects) {
        session.objects = await readObjectValues(dlms, await dlms.objects());
        await session.hand("dlms-objects", {});
      }
      if (request.registers) {
        const registers = await readRegisters(dlms, await registersOf(dlms, request.registers));
        session.stage("registers");
        const offset = session.clock ? { clockOffsetMs: session.clock.offsetMs } : {};
        await session.hand("dlms-registers", { registers, ...offset });
      }
      await session.readProfiles((range) => readDlmsProfile(dlms, range));
      if (request.events) {
        session.stage("events");
        await readDlmsEvents(dlms, request.events.fromMs);
      }
      return session.finish();
    } finally {
      await client.release();
    }
  });
}

function openLink(url: DlmsUrl, session: ReadSession): ApduLink {
  const common = {
    client: url.client,
    server: url.server,
    responseTimeoutMs: session.limits.responseMs,
    apduLengthMax: session.limits.apduBytes,
    recorder: session.tape,
    closeStream: !session.keepsLine,
    ...(session.options.onUnsolicited ? { onUnsolicited: session.options.onUnsolicited } : {}),
  };
  return url.framing === "wrapper"
    ? new WrapperLink(session.stream, session.options.clock, common)
    : new HdlcLink(session.stream, session.options.clock, {
        ...common,
        ...(url.physical === undefined ? {} : { physical: url.physical }),
      });
}

function authenticationOf(url: DlmsUrl, request: ReadRequest): Authentication {
  if (url.authentication === "none") return { kind: "none" };
  const password = url.password ?? request.keys?.password;
  if (password === undefined) {
    throw new HeadendError(
      "read.password-missing",
      "auth=low needs a password, in the URL or stored with the device",
    );
  }
  return { kind: "low", password };
}

/** One association while it is read: what was learned of the meter is asked for once. */
export class DlmsSession {
  readonly session: ReadSession;
  readonly client: DlmsClient;
  #objects: CosemObject[] | undefined;

  constructor(session: ReadSession, client: DlmsClient) {
    this.session = session;
    this.client = client;
  }

  /** An attribute's value, or `undefined` when the meter answers with a data access result. */
  async find(classId: number, obis: ObisCode, attribute: number): Promise<DataValue | undefined> {
    this.session.check();
    const result = await this.client.get({ classId, obis, attribute });
    return result.ok ? result.data : undefined;
  }

  /** Logical device name first; without one the serial number. */
  async identify(): Promise<void> {
    const { session } = this;
    let identity: string | undefined;
    for (const obis of session.model.identity.cosem) {
      const value = await this.find(1, obis, 2);
      identity = value && identityOf(value);
      if (identity) break;
    }
    session.identification = identity ?? "";
    session.manufacturer = /^[A-Z]{3}/.exec(identity ?? "")?.[0] ?? "";
    if (!session.request.model && identity !== undefined) {
      session.model = recogniseModel("dlms", { logicalDeviceName: identity });
    }
    session.identify(identity);
  }

  async readClock(): Promise<void> {
    const { session } = this;
    const askedMs = session.now();
    const value = await this.find(8, "0-0:1.0.0*255", 2);
    const middleMs = (askedMs + session.now()) / 2;
    const bytes = value && "bytes" in value ? value.bytes : undefined;
    const deviceMs =
      bytes?.length === 12
        ? toEpochMs(decodeDateTime(bytes), dateTimeRules(session.model, session.zone))
        : undefined;
    if (deviceMs === undefined) {
      session.warn("clock.unreadable: the clock was not given or has no date and time");
      return;
    }
    session.clock = { deviceMs, offsetMs: Math.round(deviceMs - middleMs) };
    session.stage("clock");
  }

  /** Objects of the association, read once (5 to 20 kB over the line). */
  async objects(): Promise<CosemObject[]> {
    if (!this.#objects) {
      const value = await this.find(15, "0-0:40.0.0*255", 2);
      if (!value) this.session.warn("objects.refused: the meter does not give its object list");
      this.#objects = value ? decodeObjectList(value) : [];
    }
    return this.#objects;
  }
}

/** Text of an identity; bytes that are no text as hexadecimal digits. */
function identityOf(value: DataValue): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return text.trim().slice(0, 64);
  if (!("bytes" in value)) return undefined;
  return Array.from(value.bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
