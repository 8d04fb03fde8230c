import { LinkError } from "../errors.ts";
import { decodeApdu, decodeLeadingApdu, encodeApdu } from "./apdu.ts";
import type {
  ActionOutcome,
  Apdu,
  AttributeAccess,
  AttributeReference,
  DataBlock,
  GetResult,
  Invoke,
  MethodReference,
  Selection,
} from "./apdu-types.ts";
import { Association, type AssociationOptions, garbled } from "./association.ts";
import { concatBytes } from "./bytes.ts";
import { type ConformanceName, conforms } from "./conformance.ts";
import { apduLengthMax, Cursor } from "./cursor.ts";
import type { DataValue } from "./data.ts";
import { decodeData } from "./data-decode.ts";
import { encodeData } from "./data-encode.ts";
import { firstValue } from "./first-value.ts";
import { type ApduLink, isWholeExchange, refusalOf } from "./link.ts";
import { takeOutcome } from "./services/action.ts";
import { type RawGetBlock, type RawGetResponse, takeRawGetResponse } from "./services/get.ts";
import { takeList, takeResult } from "./services/shared.ts";
import { apduTags } from "./tags.ts";
import {
  type AccessPart,
  type AccessResult,
  askAccess,
  collectAction,
  listOf,
  outcomeOfBlocks,
  type SetResult,
  sameCount,
  sendInBlocks,
  setResult,
} from "./writing.ts";

export interface DlmsClientOptions extends Omit<AssociationOptions, "naming" | "shortNameReplySelector"> {
  /** Longest value that is put together from blocks, bytes (default 1 MiB). */
  readonly valueLengthMax?: number;
  /** Invoke ids count on by default, so that a wrong answer shows; some meters answer only to 1. */
  readonly invokeIds?: "counting" | "constant";
}

export type RawGetResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly dataAccessResult: string };

/** `C0 03 ii count` of a request by list. */
const listHeaderLength = 8;

/**
 * One association with a meter, by logical names, as a reader. One request at a time. An answer that breaks the protocol
 * closes the link: whatever follows could belong to another request.
 */
export class DlmsClient {
  /** What both sides can do: our proposal as the meter cut it. */
  readonly conformance: number;
  /** Longest APDU that the meter takes; 0 = no limit. */
  readonly serverMaxReceivePduLength: number;
  readonly #association: Association;
  readonly #options: DlmsClientOptions;
  #invokeId = 0;
  #longInvokeId = 0;

  private constructor(association: Association, options: DlmsClientOptions) {
    this.#association = association;
    this.#options = options;
    this.conformance = association.conformance;
    this.serverMaxReceivePduLength = association.serverMaxReceivePduLength;
  }

  /**
   * Connects the link and opens an association on it (IEC 62056-5-3, AARQ). On any failure the link is closed.
   * @throws those of `Association.open`
   */
  static async associate(link: ApduLink, options: DlmsClientOptions): Promise<DlmsClient> {
    return new DlmsClient(await Association.open(link, options), options);
  }

  /** Whether both sides can use a service. */
  supports(name: ConformanceName): boolean {
    return conforms(this.conformance, name);
  }

  /** Reads one attribute, in blocks where the meter sends blocks. @throws LinkError as `getRaw` */
  async get(attribute: AttributeReference, selection?: Selection): Promise<GetResult> {
    const result = await this.getRaw(attribute, selection);
    if (!result.ok) return result;
    return { ok: true, data: decodeData(result.bytes) };
  }

  /**
   * The bytes of the Data, blocks joined, for decoders that read a profile straight from them.
   * @throws LinkError those of the link, `dlms.not-negotiated`, `dlms.exception` (the meter refuses the service),
   * `dlms.value` (what came is no value), `dlms.value-truncated`,
   * `dlms.unexpected`, `dlms.invoke-id`, `dlms.block-number`, `dlms.too-long`
   */
  async getRaw(attribute: AttributeReference, selection?: Selection): Promise<RawGetResult> {
    const access: AttributeAccess = selection ? { attribute, selection } : { attribute };
    this.#checkSelections([access]);
    const invoke = this.#nextInvoke();
    return this.#guarded(async () => {
      const answer = await this.#ask({ kind: "get-request-normal", invoke, ...access }, invoke);
      if (answer.kind === "error") return { ok: false, dataAccessResult: answer.dataAccessResult };
      if (answer.kind === "list") throw new LinkError("dlms.unexpected", "a list where one value was asked");
      const raw =
        answer.kind === "block"
          ? await this.#collect(answer, invoke)
          : { ok: true as const, bytes: answer.raw };
      return raw.ok ? { ok: true, bytes: firstValue(raw.bytes) } : raw;
    });
  }

  /** Reads several attributes, in as few requests as the meter's limits allow. Results in the order asked. */
  async getList(attributes: readonly (AttributeReference | AttributeAccess)[]): Promise<GetResult[]> {
    const accesses = attributes.map(
      (item) =>
        ("attribute" in item && typeof item.attribute === "object"
          ? item
          : { attribute: item }) as AttributeAccess,
    );
    this.#checkSelections(accesses);
    const results: GetResult[] = [];
    for (const part of this.#listParts(accesses)) results.push(...(await this.#getPart(part)));
    return results;
  }

  /**
   * Writes one attribute, in blocks where it is longer than the meter's PDU. A refusal is a value.
   * @throws LinkError as `getRaw`, `dlms.pdu-too-small`
   */
  async set(attribute: AttributeReference, value: DataValue, selection?: Selection): Promise<SetResult> {
    const access: AttributeAccess = selection ? { attribute, selection } : { attribute };
    this.#need("set");
    this.#checkSelections([access]);
    const invoke = this.#nextInvoke();
    return this.#guarded(async () => {
      const request: Apdu = { kind: "set-request-normal", invoke, ...access, data: value };
      const answer = this.#fits(request)
        ? await this.#askAny(request, invoke)
        : await this.#blocks(invoke, encodeData(value), "set", (block) => ({
            kind: "set-request-first-block",
            invoke,
            ...access,
            ...block,
          }));
      if (answer.kind !== "set-response-normal" && answer.kind !== "set-response-last-block") {
        throw refusalOf(answer);
      }
      return setResult(answer.dataAccessResult);
    });
  }

  /** Writes several attributes in one request (one after the other where lists are not negotiated). */
  async setList(writes: readonly (AttributeAccess & { readonly value: DataValue })[]): Promise<SetResult[]> {
    this.#need("set");
    this.#checkSelections(writes);
    if (!this.supports("multiple-references") || writes.length < 2) {
      const results: SetResult[] = [];
      for (const { attribute, value, selection } of writes) {
        results.push(await this.set(attribute, value, selection));
      }
      return results;
    }
    const invoke = this.#nextInvoke();
    const items = writes.map(({ attribute, selection }) => ({ attribute, ...(selection && { selection }) }));
    const values = writes.map(({ value }) => value);
    return this.#guarded(async () => {
      const request: Apdu = { kind: "set-request-with-list", invoke, items, values };
      const answer = this.#fits(request)
        ? await this.#askAny(request, invoke)
        : await this.#blocks(invoke, listOf(values), "set", (block) => ({
            kind: "set-request-list-first-block",
            invoke,
            items,
            ...block,
          }));
      if (answer.kind !== "set-response-with-list" && answer.kind !== "set-response-list-last-block") {
        throw refusalOf(answer);
      }
      return sameCount(answer.dataAccessResults, writes.length).map(setResult);
    });
  }

  /**
   * Calls one method; what it needs and what it gives may be long. A refusal is a value.
   * @throws LinkError as `getRaw`, `dlms.pdu-too-small`
   */
  async action(method: MethodReference, parameters?: DataValue): Promise<ActionOutcome> {
    this.#need("action");
    const invoke = this.#nextInvoke();
    return this.#guarded(async () => {
      const request: Apdu = {
        kind: "action-request-normal",
        invoke,
        method,
        ...(parameters && { parameters }),
      };
      const answer =
        this.#fits(request) || !parameters
          ? await this.#askAny(request, invoke)
          : await this.#blocks(invoke, encodeData(parameters), "action", (block) => ({
              kind: "action-request-first-block",
              invoke,
              method,
              ...block,
            }));
      if (answer.kind === "action-response-block") {
        return outcomeOfBlocks(await collectAction(this.#askAny, invoke, answer, this.#valueLengthMax));
      }
      if (answer.kind !== "action-response-normal") throw refusalOf(answer);
      const { actionResult, result } = answer;
      return { actionResult, ...(result && { result }) };
    });
  }

  /** Calls several methods in one request (one after the other where lists are not negotiated). */
  async actionList(
    calls: readonly { readonly method: MethodReference; readonly parameters?: DataValue }[],
  ): Promise<ActionOutcome[]> {
    this.#need("action");
    if (!this.supports("multiple-references") || calls.length < 2) {
      const outcomes: ActionOutcome[] = [];
      for (const { method, parameters } of calls) outcomes.push(await this.action(method, parameters));
      return outcomes;
    }
    const invoke = this.#nextInvoke();
    const methods = calls.map(({ method }) => method);
    const parameters = calls.map((call): DataValue => call.parameters ?? { type: "null" });
    return this.#guarded(async () => {
      const request: Apdu = { kind: "action-request-with-list", invoke, methods, parameters };
      const answer = this.#fits(request)
        ? await this.#askAny(request, invoke)
        : await this.#blocks(invoke, listOf(parameters), "action", (block) => ({
            kind: "action-request-list-first-block",
            invoke,
            methods,
            ...block,
          }));
      if (answer.kind === "action-response-block") {
        const bytes = await collectAction(this.#askAny, invoke, answer, this.#valueLengthMax);
        const cursor = new Cursor(bytes, "apdu");
        return sameCount(takeList(cursor, 2, takeOutcome), calls.length);
      }
      if (answer.kind !== "action-response-with-list") throw refusalOf(answer);
      return sameCount(answer.outcomes, calls.length);
    });
  }

  /**
   * Gets, sets and calls in one request (ACCESS). Results stand in the order asked; a refusal is a value.
   * @throws LinkError as `getRaw`
   */
  async access(parts: readonly AccessPart[]): Promise<AccessResult[]> {
    this.#need("access");
    this.#longInvokeId = (this.#longInvokeId + 1) & 0xff_ffff;
    return this.#guarded(() =>
      askAccess((apdu) => this.#association.exchange(apdu), this.#longInvokeId, parts),
    );
  }

  /** Releases the association and closes the link. Never throws. */
  async release(): Promise<void> {
    await this.#association.release();
  }

  async #getPart(accesses: readonly AttributeAccess[]): Promise<GetResult[]> {
    const [first] = accesses;
    if (accesses.length === 1 && first) return [await this.get(first.attribute, first.selection)];
    const invoke = this.#nextInvoke();
    return this.#guarded(async () => {
      const answer = await this.#ask({ kind: "get-request-with-list", invoke, items: accesses }, invoke);
      if (answer.kind === "data") throw new LinkError("dlms.unexpected", "one value where a list was asked");
      const raw = answer.kind === "block" ? await this.#collect(answer, invoke) : answer;
      if ("dataAccessResult" in raw)
        return accesses.map(() => ({ ok: false, dataAccessResult: raw.dataAccessResult }));
      const cursor = new Cursor("raw" in raw ? raw.raw : raw.bytes, "apdu");
      const count = cursor.count(2);
      if (count !== accesses.length)
        throw new LinkError("dlms.unexpected", `${count} results for ${accesses.length}`);
      const results = accesses.map(() => takeResult(cursor));
      cursor.done();
      return results;
    });
  }

  /** Lists that fit the meter's longest APDU; single ones where lists are not negotiated. */
  *#listParts(accesses: readonly AttributeAccess[]): Generator<readonly AttributeAccess[]> {
    const lengthMax = this.#association.requestLengthMax;
    const alone = !this.supports("multiple-references");
    let part: AttributeAccess[] = [];
    let length = listHeaderLength;
    for (const access of accesses) {
      const invoke = { id: 0, confirmed: true, highPriority: true };
      const size = encodeApdu({ kind: "get-request-normal", invoke, ...access }).length - 3;
      if (part.length > 0 && (alone || length + size > lengthMax)) {
        yield part;
        part = [];
        length = listHeaderLength;
      }
      part.push(access);
      length += size;
    }
    if (part.length > 0) yield part;
  }

  /** Joins the blocks of a long answer: their numbers must run from 1, their sum has a limit. */
  async #collect(first: RawGetBlock, invoke: Invoke): Promise<RawGetResult> {
    const lengthMax = this.#options.valueLengthMax ?? apduLengthMax;
    const parts: Uint8Array[] = [];
    let length = 0;
    let answer = first;
    for (let number = 1; ; number++) {
      if (answer.block !== number) {
        throw new LinkError("dlms.block-number", `block ${answer.block} where ${number} was due`);
      }
      length += answer.raw.length;
      if (length > lengthMax) throw new LinkError("dlms.too-long", `a value of more than ${lengthMax} bytes`);
      parts.push(answer.raw);
      if (answer.last) return { ok: true, bytes: concatBytes(...parts) };
      if (answer.raw.length === 0) throw new LinkError("dlms.unexpected", "a block without content");
      const next = await this.#ask({ kind: "get-request-next", invoke, block: number }, invoke);
      if (next.kind === "error") return { ok: false, dataAccessResult: next.dataAccessResult };
      if (next.kind !== "block") throw new LinkError("dlms.unexpected", "no block where one was asked");
      answer = next;
    }
  }

  async #ask(request: Apdu, invoke: Invoke): Promise<RawGetResponse> {
    const bytes = await this.#association.exchange(encodeApdu(request));
    const cursor = new Cursor(bytes, "apdu");
    if (cursor.uint8() !== apduTags["get-response"]) throw refusalOf(decodeApdu(bytes));
    const answer = takeRawGetResponse(cursor);
    if (answer.invoke.id !== invoke.id) {
      throw new LinkError("dlms.invoke-id", `invoke id ${answer.invoke.id} where ${invoke.id} was asked`);
    }
    return answer;
  }

  /** Asks a service other than GET, whose answers are decoded whole. */
  #askAny = async (request: Apdu, invoke: Invoke): Promise<Apdu> => {
    // A public example server adds zero bytes to its acknowledgements of blocks.
    const { apdu: answer } = decodeLeadingApdu(await this.#association.exchange(encodeApdu(request)));
    if ("invoke" in answer && answer.invoke.id !== invoke.id) {
      throw new LinkError("dlms.invoke-id", `invoke id ${answer.invoke.id} where ${invoke.id} was asked`);
    }
    return answer;
  };

  #blocks(
    invoke: Invoke,
    raw: Uint8Array,
    service: "set" | "action",
    first: (block: DataBlock) => Apdu,
  ): Promise<Apdu> {
    this.#need(`block-transfer-with-${service}`);
    const next = (block: DataBlock): Apdu => ({ kind: `${service}-request-block`, invoke, ...block });
    const taken = service === "set" ? "set-response-block" : "action-response-next";
    const lengthMax = this.#association.requestLengthMax;
    return sendInBlocks(this.#askAny, invoke, raw, lengthMax, first, next, taken);
  }

  #fits(request: Apdu): boolean {
    return encodeApdu(request).length <= this.#association.requestLengthMax;
  }

  get #valueLengthMax(): number {
    return this.#options.valueLengthMax ?? apduLengthMax;
  }

  #need(service: ConformanceName): void {
    if (!this.supports(service)) throw new LinkError("dlms.not-negotiated", `${service} is not negotiated`);
  }

  #checkSelections(accesses: readonly AttributeAccess[]): void {
    if (!this.supports("selective-access") && accesses.some((access) => access.selection)) {
      throw new LinkError("dlms.not-negotiated", "selective access is not negotiated");
    }
  }

  #nextInvoke(): Invoke {
    this.#invokeId = this.#options.invokeIds === "constant" ? 1 : (this.#invokeId + 1) & 0x0f;
    return { id: this.#invokeId, confirmed: true, highPriority: true };
  }

  /** Closes the link after an answer that breaks the protocol; a refused service or an odd value leaves it open. */
  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const error = garbled(cause);
      if (!isWholeExchange(error)) await this.#association.abandon();
      throw error;
    }
  }
}
