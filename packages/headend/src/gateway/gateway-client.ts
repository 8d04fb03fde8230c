import type { PoisonEntry } from "@energsys/metering";
import { isUndecodable, type JournalEntry, splitJournal } from "@energsys/metering";
import type { Clock, EpochMs } from "@energsys/protocols";
import {
  type DataValue,
  DlmsClient,
  data,
  dateTimeOf,
  decodeDateTime,
  encodeDateTime,
  integerOf,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import { WrapperLink } from "@energsys/protocols/wrapper";
import type { GatewayStatus } from "@energsys/store";
import type { CallInLine } from "../call-in-line.ts";
import { HeadendError } from "../errors.ts";
import { rangeCaptureObject } from "./journal-range.ts";

const obis = {
  clock: "0-0:1.0.0*255",
  journal: "0-128:99.1.0*255",
  taken: "0-128:96.9.0*255",
  state: "0-128:96.10.0*255",
  scripts: "0-0:10.0.128*255",
  configuration: "0-128:96.20.0*255",
  proposal: "0-128:96.21.0*255",
  confirmed: "0-128:96.22.0*255",
  fault: "0-128:96.23.0*255",
} as const;
const management = 1;

export interface GatewayClientOptions {
  readonly clock: Clock;
  readonly responseTimeoutMs: number;
  readonly sent: (bytes: number) => void;
  readonly received: (bytes: number) => void;
}

/** What one answer of the journal held. `last` is the number to go on after. */
export interface JournalAnswer {
  readonly entries: readonly JournalEntry[];
  readonly poison: readonly PoisonEntry[];
  readonly last: number | undefined;
}

/** A concentrator as its centre asks it, as client 1 over its own line. */
export class GatewayClient {
  readonly #client: DlmsClient;

  private constructor(client: DlmsClient) {
    this.#client = client;
  }

  /** @throws LinkError, those of the link and of the association */
  static async open(line: CallInLine, options: GatewayClientOptions): Promise<GatewayClient> {
    const link = new WrapperLink(line.line.stream(), options.clock, {
      client: management,
      server: 1,
      responseTimeoutMs: options.responseTimeoutMs,
      closeStream: false,
      onUnsolicited: line.takePush,
      recorder: {
        sent: (bytes) => options.sent(bytes.length),
        received: (bytes) => options.received(bytes.length),
      },
    });
    return new GatewayClient(await DlmsClient.associate(link, { authentication: { kind: "none" } }));
  }

  async close(): Promise<void> {
    await this.#client.release();
  }

  /**
   * Entries from `from` to `to`, as many as the concentrator gives in one answer. When not even their borders can be found, the first one
   * is asked for alone, and is poison if that does not help.
   */
  async journal(from: number, to: number): Promise<JournalAnswer> {
    const bytes = await this.#journalBytes(from, to);
    try {
      return answerOf(splitJournal(bytes));
    } catch (error) {
      if (!isUndecodable(error)) throw error;
      if (from < to) return this.journal(from, from);
      const poison = { number: from, logicalDevice: undefined, code: error.code, bytes };
      return { entries: [], poison: [poison], last: from };
    }
  }

  async #journalBytes(from: number, to: number): Promise<Uint8Array> {
    const result = await this.#client.getRaw(
      { classId: 7, obis: obis.journal, attribute: 2 },
      {
        selector: 1,
        parameters: data.structure(rangeCaptureObject, data.uint32(from), data.uint32(to), data.array()),
      },
    );
    if (!result.ok) throw new HeadendError("gateway.refused", `journal: ${result.dataAccessResult}`);
    return result.bytes;
  }

  /** Only after COMMIT: what is taken the concentrator may forget. */
  async setTaken(number: number): Promise<void> {
    await this.#set(1, obis.taken, data.uint32(number));
  }

  async readClock(): Promise<EpochMs | undefined> {
    const value = await this.#get(8, obis.clock);
    const bytes = value && "bytes" in value ? value.bytes : undefined;
    return bytes?.length === 12 ? toEpochMs(decodeDateTime(bytes)) : undefined;
  }

  async setClock(nowMs: EpochMs): Promise<void> {
    await this.#set(8, obis.clock, data.octets(encodeDateTime(dateTimeOf(nowMs, 0, 0))));
  }

  /** 1 scan, 2 read everything, 3 set the clocks of all meters. */
  async execute(script: 1 | 2 | 3): Promise<void> {
    const { actionResult } = await this.#client.action(
      { classId: 9, obis: obis.scripts, method: 1 },
      data.uint16(script),
    );
    if (actionResult !== "success")
      throw new HeadendError("gateway.refused", `script ${script}: ${actionResult}`);
  }

  async propose(text: string): Promise<void> {
    await this.#set(1, obis.proposal, data.octets(new TextEncoder().encode(text)), async () => {
      const why = await this.#get(1, obis.fault);
      return why ? utf8(why) : "";
    });
  }

  /** False while a proposal is on trial; `undefined` when it does not say. */
  async configurationConfirmed(): Promise<boolean | undefined> {
    const value = await this.#get(1, obis.confirmed);
    return value?.type === "boolean" ? value.value : undefined;
  }

  async confirmConfiguration(): Promise<void> {
    await this.#set(1, obis.confirmed, data.boolean(true));
  }

  async readState(): Promise<{
    status?: GatewayStatus;
    configuration?: string;
    configurationError?: string;
  }> {
    const state = await this.#get(1, obis.state);
    const configuration = await this.#get(1, obis.configuration);
    const fault = await this.#get(1, obis.fault);
    const status = state && statusOf(state);
    return {
      ...(status ? { status } : {}),
      ...(configuration ? { configuration: utf8(configuration) } : {}),
      ...(fault ? { configurationError: utf8(fault) } : {}),
    };
  }

  async #get(classId: number, code: string): Promise<DataValue | undefined> {
    const result = await this.#client.get({ classId, obis: code, attribute: 2 });
    return result.ok ? result.data : undefined;
  }

  async #set(classId: number, code: string, value: DataValue, why?: () => Promise<string>): Promise<void> {
    const result = await this.#client.set({ classId, obis: code, attribute: 2 }, value);
    if (result.ok) return;
    const detail = why ? `: ${await why()}` : "";
    throw new HeadendError("gateway.refused", `${code}: ${result.dataAccessResult}${detail}`);
  }
}

function answerOf(split: { entries: JournalEntry[]; poison: PoisonEntry[] }): JournalAnswer {
  const numbers = [...split.entries, ...split.poison].flatMap(({ number }) =>
    number === undefined ? [] : [number],
  );
  return { ...split, last: numbers.length === 0 ? undefined : Math.max(...numbers) };
}

const utf8 = (value: DataValue): string =>
  "bytes" in value ? new TextDecoder().decode(value.bytes) : (textOf(value) ?? "");

const modems = ["off", "searching", "registered", "connected"] as const;

function statusOf(value: DataValue): GatewayStatus | undefined {
  if (value.type !== "structure" || value.items.length !== 9) return undefined;
  const number = (index: number) => Number(integerOf(value.items[index] as DataValue) ?? 0n);
  const last = value.items[6] as DataValue;
  const lastMs =
    "bytes" in last && last.bytes.length === 12 ? toEpochMs(decodeDateTime(last.bytes)) : undefined;
  const dbm = number(8);
  return {
    batteryPercent: number(1),
    storeDaysLeft: number(2),
    storeBytes: number(3),
    entriesNotTaken: number(4),
    starts: number(5),
    lastStart: lastMs === undefined ? null : new Date(lastMs).toISOString(),
    modem: modems[number(7)] ?? "unknown",
    signalDbm: dbm === 0 ? null : dbm,
  };
}
