import { DecodeError, LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type {
  ActionOutcome,
  AttributeAccess,
  AttributeReference,
  GetResult,
  MethodReference,
  Selection,
  VariableAccess,
} from "./apdu-types.ts";
import { Association, type AssociationOptions, garbled } from "./association.ts";
import { concatBytes } from "./bytes.ts";
import type { RawGetResult } from "./client.ts";
import { type ConformanceName, conforms, encodeConformance } from "./conformance.ts";
import { apduLengthMax, Cursor } from "./cursor.ts";
import type { DataValue } from "./data.ts";
import { decodeData, skipData } from "./data-decode.ts";
import { valueFault } from "./first-value.ts";
import { type ApduLink, isWholeExchange, refusalOf } from "./link.ts";
import { dataAccessResults, nameOf } from "./names.ts";
import { takeRawReadResponse } from "./services/read.ts";
import {
  attributeShortName,
  decodeShortNameList,
  methodShortName,
  objectListName,
  type ShortNameObject,
} from "./short-names.ts";
import { apduTags } from "./tags.ts";
import type { SetResult } from "./writing.ts";

export interface ShortNameClientOptions extends Omit<AssociationOptions, "naming"> {
  /** Longest value that is put together from blocks, bytes (default 1 MiB). */
  readonly valueLengthMax?: number;
  /** The object list, where it is known already (it is 5 to 20 kB). */
  readonly objects?: readonly ShortNameObject[];
}

/** What a reader by short names proposes. */
export const shortNameConformance = encodeConformance([
  "read",
  "write",
  "unconfirmed-write",
  "multiple-references",
  "information-report",
  "parameterized-access",
]);

/**
 * One association by short names (IEC 62056-5-3, READ and WRITE), with the same face as `DlmsClient`: objects are still
 * named by class and OBIS code, the association's object list gives their short names.
 */
export class ShortNameClient {
  readonly conformance: number;
  readonly serverMaxReceivePduLength: number;
  readonly #association: Association;
  readonly #options: ShortNameClientOptions;
  #objects: Map<string, ShortNameObject> | undefined;

  private constructor(association: Association, options: ShortNameClientOptions) {
    this.#association = association;
    this.#options = options;
    this.conformance = association.conformance;
    this.serverMaxReceivePduLength = association.serverMaxReceivePduLength;
    if (options.objects) this.#objects = byKey(options.objects);
  }

  /** @throws those of `Association.open` */
  static async associate(link: ApduLink, options: ShortNameClientOptions): Promise<ShortNameClient> {
    const association = await Association.open(link, {
      conformance: shortNameConformance,
      ...options,
      naming: "short",
    });
    return new ShortNameClient(association, options);
  }

  supports(name: ConformanceName): boolean {
    return conforms(this.conformance, name);
  }

  /** The objects of the association, read once. @throws LinkError `dlms.object-list`, those of `getRaw` */
  async objects(): Promise<ShortNameObject[]> {
    if (!this.#objects) {
      const [result] = await this.readNames([{ kind: "name", name: objectListName }]);
      if (!result?.ok) throw new LinkError("dlms.object-list", "the meter does not give its object list");
      this.#objects = byKey(decodeShortNameList(decodeData(result.bytes)));
    }
    return [...this.#objects.values()];
  }

  async get(attribute: AttributeReference, selection?: Selection): Promise<GetResult> {
    return decoded(await this.getRaw(attribute, selection));
  }

  /**
   * The bytes of the Data, blocks joined. An object that the list does not name is `object-undefined`.
   * @throws LinkError those of the link, `dlms.not-negotiated`, `dlms.exception`, `dlms.unexpected`,
   * `dlms.block-number`, `dlms.too-long`, `dlms.value`
   */
  async getRaw(attribute: AttributeReference, selection?: Selection): Promise<RawGetResult> {
    const item = await this.#item(selection ? { attribute, selection } : { attribute });
    if (!item) return undefinedObject;
    return (await this.readNames([item]))[0] as RawGetResult;
  }

  /** Reads several attributes, in as few requests as the meter's limits allow. Results in the order asked. */
  async getList(attributes: readonly (AttributeReference | AttributeAccess)[]): Promise<GetResult[]> {
    const items: (VariableAccess | undefined)[] = [];
    for (const entry of attributes) {
      const access = typeof entry.attribute === "object" ? entry : { attribute: entry };
      items.push(await this.#item(access as AttributeAccess));
    }
    const known = items.filter((item) => item !== undefined);
    const results: RawGetResult[] = [];
    for (const part of this.#parts(known)) results.push(...(await this.readNames(part)));
    return items.map((item) => decoded(item ? (results.shift() as RawGetResult) : undefinedObject));
  }

  /** Writes one attribute. A refusal is a value. */
  async set(attribute: AttributeReference, value: DataValue, selection?: Selection): Promise<SetResult> {
    const item = await this.#item(selection ? { attribute, selection } : { attribute });
    return item ? this.#write(item, value) : undefinedObject;
  }

  /**
   * Calls a method: by READ with parameterised access, so that a value can come back.
   * @throws LinkError as `getRaw`, `dlms.method-offset`
   */
  async action(method: MethodReference, parameters?: DataValue): Promise<ActionOutcome> {
    const object = await this.#find(method);
    if (!object) return { actionResult: "object-undefined" };
    this.#need("parameterized-access");
    const selector = this.#options.shortNameReplySelector ?? 0;
    const selection = { selector, parameters: parameters ?? ({ type: "null" } as const) };
    const name = methodShortName(object, method.method);
    const [result] = await this.readNames([{ kind: "name", name, selection }]);
    if (!result?.ok) return { actionResult: result?.dataAccessResult ?? "other-reason" };
    const data = decodeData(result.bytes);
    return { actionResult: "success", ...(data.type !== "null" && { result: { ok: true, data } }) };
  }

  /** Reads by the short names themselves; one result for each. */
  async readNames(items: readonly VariableAccess[]): Promise<RawGetResult[]> {
    this.#need("read");
    try {
      let answer = await this.#ask(items);
      if (answer.block) {
        const parts: Uint8Array[] = [];
        let length = 0;
        for (let number = 1; answer.block; number++) {
          const { block, last, raw } = answer.block;
          if (block !== number) throw new LinkError("dlms.block-number", `block ${block}, ${number} was due`);
          length += raw.length;
          const lengthMax = this.#options.valueLengthMax ?? apduLengthMax;
          if (length > lengthMax) throw new LinkError("dlms.too-long", `more than ${lengthMax} bytes`);
          parts.push(raw.slice());
          if (last) break;
          if (raw.length === 0) throw new LinkError("dlms.unexpected", "a block without content");
          answer = await this.#ask([{ kind: "next-block", block: number }]);
        }
        answer = { body: concatBytes(...parts) };
      }
      const body = answer.body ?? new Uint8Array(0);
      return resultsOf(body, items.length);
    } catch (cause) {
      const error = garbled(cause);
      if (!isWholeExchange(error)) await this.#association.abandon();
      throw error;
    }
  }

  /** Releases the association and closes the link. Never throws. */
  async release(): Promise<void> {
    await this.#association.release();
  }

  async #ask(items: readonly VariableAccess[]) {
    const bytes = await this.#association.exchange(encodeApdu({ kind: "read-request", items }));
    const cursor = new Cursor(bytes, "apdu");
    if (cursor.uint8() !== apduTags["read-response"]) throw refusalOf(decodeApdu(bytes));
    return takeRawReadResponse(cursor);
  }

  async #write(item: VariableAccess, value: DataValue): Promise<SetResult> {
    this.#need("write");
    const request = encodeApdu({ kind: "write-request", items: [item], values: [value] });
    if (request.length > this.#association.requestLengthMax) {
      return this.#writeInBlocks(request.subarray(1));
    }
    const answer = decodeApdu(await this.#association.exchange(request));
    if (answer.kind !== "write-response") throw refusalOf(answer);
    return writeResult(answer.results[0]);
  }

  /** The request without its tag, cut into blocks; each is acknowledged by its number. */
  async #writeInBlocks(body: Uint8Array): Promise<SetResult> {
    this.#need("block-transfer-with-set");
    // 06 01 07 last block2 01 09 82 len2
    const room = this.#association.requestLengthMax - 11;
    if (room < 1) throw new LinkError("dlms.pdu-too-small");
    for (let offset = 0, block = 1; ; offset += room, block++) {
      const raw = body.subarray(offset, offset + room);
      const last = offset + room >= body.length;
      const answer = decodeApdu(
        await this.#association.exchange(
          encodeApdu({
            kind: "write-request",
            items: [{ kind: "write-block", last, block }],
            values: [{ type: "octet-string", bytes: raw }],
          }),
        ),
      );
      if (answer.kind !== "write-response") throw refusalOf(answer);
      const [result] = answer.results;
      if (last || result?.ok !== "block") return writeResult(result);
      if (result.block !== block) throw new LinkError("dlms.block-number");
    }
  }

  /** Lists that fit the meter's longest APDU; single ones where lists are not negotiated. */
  *#parts(items: readonly VariableAccess[]): Generator<readonly VariableAccess[]> {
    const lengthMax = this.#association.requestLengthMax;
    const alone = !this.supports("multiple-references");
    let part: VariableAccess[] = [];
    for (const item of items) {
      const longer = encodeApdu({ kind: "read-request", items: [...part, item] }).length > lengthMax;
      if (part.length > 0 && (alone || longer)) {
        yield part;
        part = [];
      }
      part.push(item);
    }
    if (part.length > 0) yield part;
  }

  async #item({ attribute, selection }: AttributeAccess): Promise<VariableAccess | undefined> {
    if (selection) this.#need("parameterized-access");
    const object = await this.#find(attribute);
    if (!object) return undefined;
    const name = attributeShortName(object, attribute.attribute);
    return { kind: "name", name, ...(selection && { selection }) };
  }

  async #find(object: {
    readonly classId: number;
    readonly obis: string;
  }): Promise<ShortNameObject | undefined> {
    await this.objects();
    return this.#objects?.get(keyOf(object));
  }

  #need(service: ConformanceName): void {
    if (!this.supports(service)) throw new LinkError("dlms.not-negotiated", `${service} is not negotiated`);
  }
}

const undefinedObject = { ok: false, dataAccessResult: "object-undefined" } as const;

const keyOf = ({ classId, obis }: { readonly classId: number; readonly obis: string }) =>
  `${classId}/${obis}`;

const byKey = (objects: readonly ShortNameObject[]) =>
  new Map(objects.map((object) => [keyOf(object), object]));

const decoded = (result: RawGetResult): GetResult =>
  result.ok ? { ok: true, data: decodeData(result.bytes) } : result;

function writeResult(result: { ok: boolean | "block"; dataAccessResult?: string } | undefined): SetResult {
  if (result?.ok === true) return { ok: true };
  if (result?.ok === false && result.dataAccessResult !== undefined) {
    return { ok: false, dataAccessResult: result.dataAccessResult };
  }
  throw new LinkError("dlms.unexpected", "a WRITE without a result");
}

/**
 * A list of results; or, as a public library sends joined blocks of one value, the Data alone. Bytes after it are left
 * alone, as after the value of a GET.
 */
function resultsOf(body: Uint8Array, asked: number): RawGetResult[] {
  try {
    return rawResults(body, asked);
  } catch (error) {
    if (asked !== 1 || !(error instanceof DecodeError) || error.code !== "apdu.choice") throw error;
    const cursor = new Cursor(body, "data");
    skipData(cursor);
    return [{ ok: true, bytes: body.subarray(0, cursor.offset) }];
  }
}

/** A count and the results, their values still encoded. */
function rawResults(body: Uint8Array, asked: number): RawGetResult[] {
  const cursor = new Cursor(body, "apdu");
  const count = cursor.count(2);
  if (count !== asked) throw new LinkError("dlms.unexpected", `${count} results for ${asked}`);
  return Array.from({ length: count }, (): RawGetResult => {
    const choiceAt = cursor.offset;
    const choice = cursor.uint8();
    if (choice === 1) return { ok: false, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
    if (choice !== 0) throw cursor.fail("choice", choiceAt);
    const start = cursor.offset;
    try {
      skipData(cursor);
    } catch (cause) {
      throw valueFault(cause);
    }
    return { ok: true, bytes: body.subarray(start, cursor.offset) };
  });
}
