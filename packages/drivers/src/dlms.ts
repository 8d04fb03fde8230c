import { recogniseModel } from "@energsys/metering/models";
import { LinkError, type ObisCode } from "@energsys/protocols";
import { type CosemObject, decodeObjectList, findCosemClass } from "@energsys/protocols/cosem";
import {
  type DataValue,
  decodeDateTime,
  methodShortName,
  ShortNameClient,
  type ShortNameObject,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import type { DeviceReading, ReadOptions, ReadRequest } from "./device-reading.ts";
import { associate, type MeterClient } from "./dlms-association.ts";
import { readDlmsEvents } from "./dlms-events.ts";
import { readObjectValues } from "./dlms-objects.ts";
import { readDlmsProfile } from "./dlms-profile.ts";
import { readRegisters, registersOf } from "./dlms-registers.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { ReadSession } from "./session.ts";
import { dateTimeRules } from "./zone.ts";

/** Reads a DLMS meter by logical or short names. The object list is read only when it is needed. */
export function readDlms(url: DlmsUrl, request: ReadRequest, options: ReadOptions): Promise<DeviceReading> {
  return withDlms(url, request, options, async (dlms) => {
    const { session } = dlms;
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
  });
}

/** Opens an association, sees that it is the device that was meant, works on it and releases it. */
export async function withDlms<Result>(
  url: DlmsUrl,
  request: ReadRequest,
  options: ReadOptions,
  work: (dlms: DlmsSession) => Promise<Result>,
): Promise<Result> {
  const session = await ReadSession.open(url, request, options);
  return session.cancellable(async () => {
    const client = await associate(url, session);
    const dlms = new DlmsSession(session, client);
    try {
      session.tape.drop();
      session.stage("associated");
      await dlms.identify();
      return await work(dlms);
    } finally {
      await client.release();
    }
  });
}

/** One association while it is read: what was learned of the meter is asked for once. */
export class DlmsSession {
  readonly session: ReadSession;
  readonly client: MeterClient;
  #objects: CosemObject[] | undefined;

  constructor(session: ReadSession, client: MeterClient) {
    this.session = session;
    this.client = client;
  }

  /** Whether a part of a profile can be asked for. */
  get selective(): boolean {
    return this.client.supports("selective-access") || this.client.supports("parameterized-access");
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
    if (!this.#objects && this.client instanceof ShortNameClient) {
      this.#objects = (await this.client.objects()).map(withAllAttributes);
    }
    if (!this.#objects) {
      const value = await this.find(15, "0-0:40.0.0*255", 2);
      if (!value) this.session.warn("objects.refused: the meter does not give its object list");
      this.#objects = value ? decodeObjectList(value) : [];
    }
    return this.#objects;
  }
}

/**
 * By short names the list does not say what may be read: what the class has is asked for, and refused where it may not. Never a name at or
 * behind the first method's, which an attribute of a newer version can have: to read it would call the method.
 */
function withAllAttributes(object: ShortNameObject): CosemObject {
  const { classId, version, obis } = object;
  const { attributes: names, methods } = findCosemClass(classId) ?? { attributes: ["", ""], methods: [""] };
  const end = methods.length > 0 ? findMethodOffset(object) : Number.POSITIVE_INFINITY;
  const count = end === undefined ? 2 : names.length;
  const attributes = Array.from({ length: count }, (_, index) => ({
    attribute: index + 1,
    mode: 1,
    selectors: [],
  })).filter(({ attribute }) => 8 * (attribute - 1) < (end ?? 16));
  return { classId, version, obis, attributes, methods: [] };
}

/** How far the first method stands behind the first attribute; `undefined` for classes of which it is not known. */
function findMethodOffset(object: ShortNameObject): number | undefined {
  try {
    return (methodShortName(object, 1) - object.base) & 0xffff;
  } catch (error) {
    if (error instanceof LinkError && error.code === "dlms.method-offset") return undefined;
    throw error;
  }
}

/** Text of an identity; bytes that are no text as hexadecimal digits. */
function identityOf(value: DataValue): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return text.trim().slice(0, 64);
  if (!("bytes" in value)) return undefined;
  return Array.from(value.bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
