import { DecodeError } from "../errors.ts";
import { encodeApdu } from "./apdu.ts";
import type {
  AccessOutcome,
  ActionOutcome,
  Apdu,
  AttributeAccess,
  DataBlock,
  GetResult,
  Invoke,
  MethodReference,
} from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";
import { type ConformanceName, conforms } from "./conformance.ts";
import { Cursor } from "./cursor.ts";
import type { DataValue } from "./data.ts";
import { decodeData, takeData } from "./data-decode.ts";
import { encodeData } from "./data-encode.ts";
import type { Agreed, Serve } from "./device-association.ts";
import { putOutcome } from "./services/action.ts";
import { putInvoke, putResult } from "./services/shared.ts";
import { apduTags } from "./tags.ts";
import { Writer } from "./writer.ts";

/** What a GET finds: a result, or a value that is encoded already, as a profile of thousands of rows had better be. */
export type DeviceResult = GetResult | { readonly ok: true; readonly encoded: Uint8Array };

/** What a device is asked for, object by object. Refusals are values, named as in the standard. */
export interface DeviceObjects {
  get(access: AttributeAccess): DeviceResult | Promise<DeviceResult>;
  /** Gives the data access result. */
  set(access: AttributeAccess, value: DataValue): string | Promise<string>;
  action(method: MethodReference, parameters: DataValue | undefined): ActionOutcome | Promise<ActionOutcome>;
}

/** A block's own fields around its raw part. */
const blockOverhead = 12;
/** What ciphering may add to an answer. */
const protectionOverhead = 32;
const longestPdu = 0xffff;
/** Longest value that a client may send in blocks. */
export const requestLengthMax = 64 * 1024;

/** A long request on its way in. */
type Incoming = { invoke: Invoke; parts: Uint8Array[]; length: number; block: number } & (
  | { readonly of: "set"; readonly items: readonly AttributeAccess[]; readonly list: boolean }
  | { readonly of: "action"; readonly methods: readonly MethodReference[]; readonly list: boolean }
);

/** A long answer on its way out: what is left of it. */
interface Outgoing {
  readonly of: "get" | "action";
  rest: Uint8Array;
  block: number;
}

/** Services that a request needs beside its own; GET, SET, ACTION and ACCESS are looked up by the request's kind. */
const neededBy: Partial<Record<Apdu["kind"], readonly ConformanceName[]>> = {
  "get-request-normal": ["get"],
  "get-request-next": ["get", "block-transfer-with-get"],
  "get-request-with-list": ["get", "multiple-references"],
  "set-request-normal": ["set"],
  "set-request-with-list": ["set", "multiple-references"],
  "set-request-first-block": ["set", "block-transfer-with-set"],
  "set-request-list-first-block": ["set", "block-transfer-with-set", "multiple-references"],
  "set-request-block": ["set", "block-transfer-with-set"],
  "action-request-normal": ["action"],
  "action-request-next": ["action", "block-transfer-with-action"],
  "action-request-with-list": ["action", "multiple-references"],
  "action-request-first-block": ["action", "block-transfer-with-action"],
  "action-request-list-first-block": ["action", "block-transfer-with-action", "multiple-references"],
  "action-request-block": ["action", "block-transfer-with-action"],
  "access-request": ["access"],
};

export const notServed = (serviceError: string, stateError = "service-not-allowed"): Apdu => ({
  kind: "exception-response",
  stateError,
  serviceError,
});

/**
 * Serves the logical-name services of a device on its objects, as far as they were agreed: GET, SET and ACTION alone, by
 * list and in blocks both ways, and ACCESS. One client at a time; a new request drops what was left of an old one.
 */
export function serveObjects(objects: DeviceObjects): Serve {
  const device = new Device(objects);
  return (request, agreed) => device.serve(request, agreed);
}

class Device {
  readonly #objects: DeviceObjects;
  #incoming: Incoming | undefined;
  #outgoing: Outgoing | undefined;

  constructor(objects: DeviceObjects) {
    this.#objects = objects;
  }

  async serve(request: Apdu, agreed: Agreed): Promise<Apdu | Uint8Array | undefined> {
    const needed = neededBy[request.kind];
    if (needed?.some((name) => !conforms(agreed.conformance, name)))
      return notServed("service-not-supported");
    if (request.kind === "get-request-next" || request.kind === "action-request-next") {
      return this.#next(request.kind, request.invoke, request.block, agreed);
    }
    this.#outgoing = undefined;
    if (request.kind === "set-request-block" || request.kind === "action-request-block") {
      return this.#more(
        request.invoke,
        request.kind === "set-request-block" ? "set" : "action",
        request,
        agreed,
      );
    }
    this.#incoming = undefined;
    return this.#start(request, agreed);
  }

  async #start(request: Apdu, agreed: Agreed): Promise<Apdu | Uint8Array | undefined> {
    switch (request.kind) {
      case "get-request-normal": {
        const { invoke } = request;
        const result = await this.#get(request, agreed);
        if (!result.ok) return { kind: "get-response-normal", invoke, result };
        const raw = encodedOf(result);
        return this.#cut(getResponse(1, invoke, new Writer().uint8(0), raw), "get", raw, invoke, agreed);
      }
      case "get-request-with-list": {
        const { invoke } = request;
        const results: DeviceResult[] = [];
        for (const item of request.items) results.push(await this.#get(item, agreed));
        const raw = counted(results, putDeviceResult);
        return this.#cut(getResponse(3, invoke, new Writer(), raw), "get", raw, invoke, agreed);
      }
      case "set-request-normal":
        return {
          kind: "set-response-normal",
          invoke: request.invoke,
          dataAccessResult: await this.#objects.set(request, request.data),
        };
      case "set-request-with-list":
        return {
          kind: "set-response-with-list",
          invoke: request.invoke,
          dataAccessResults: await this.#setAll(request.items, request.values),
        };
      case "set-request-first-block": {
        const { attribute, selection } = request;
        const items = [selection ? { attribute, selection } : { attribute }];
        return this.#first({ of: "set", items, list: false }, request, agreed);
      }
      case "set-request-list-first-block":
        return this.#first({ of: "set", items: request.items, list: true }, request, agreed);
      case "action-request-normal":
        return this.#act(request.invoke, request.method, request.parameters, agreed);
      case "action-request-with-list":
        return this.#actAll(request.invoke, request.methods, request.parameters, agreed);
      case "action-request-first-block":
        return this.#first({ of: "action", methods: [request.method], list: false }, request, agreed);
      case "action-request-list-first-block":
        return this.#first({ of: "action", methods: request.methods, list: true }, request, agreed);
      case "access-request":
        return this.#access(request, agreed);
      // Acknowledged pushes, and answers that no device is waiting for.
      case "data-notification-confirm":
        return undefined;
      default:
        return notServed("service-not-supported", "service-unknown");
    }
  }

  async #get(access: AttributeAccess, agreed: Agreed): Promise<DeviceResult> {
    if (access.selection && !conforms(agreed.conformance, "selective-access")) {
      return { ok: false, dataAccessResult: "scope-of-access-violated" };
    }
    return this.#objects.get(access);
  }

  async #setAll(items: readonly AttributeAccess[], values: readonly DataValue[]): Promise<string[]> {
    const results: string[] = [];
    for (const [index, item] of items.entries()) {
      const value = values[index];
      results.push(value ? await this.#objects.set(item, value) : "type-unmatched");
    }
    return results;
  }

  async #act(
    invoke: Invoke,
    method: MethodReference,
    parameters: DataValue | undefined,
    agreed: Agreed,
  ): Promise<Apdu | Uint8Array> {
    const outcome = await this.#objects.action(method, parameters);
    const answer = encodeApdu({ kind: "action-response-normal", invoke, ...outcome });
    const writer = new Writer();
    putOutcome(writer, outcome);
    return this.#cut(answer, "action", writer.finish(), invoke, agreed);
  }

  async #actAll(
    invoke: Invoke,
    methods: readonly MethodReference[],
    parameters: readonly DataValue[],
    agreed: Agreed,
  ): Promise<Apdu | Uint8Array> {
    const outcomes: ActionOutcome[] = [];
    for (const [index, method] of methods.entries()) {
      const value = parameters[index];
      const given = value && value.type !== "null" ? value : undefined;
      outcomes.push(await this.#objects.action(method, given));
    }
    const raw = counted(outcomes, putOutcome);
    const answer = encodeApdu({ kind: "action-response-with-list", invoke, outcomes });
    return this.#cut(answer, "action", raw, invoke, agreed);
  }

  async #access(
    request: Extract<Apdu, { kind: "access-request" }>,
    agreed: Agreed,
  ): Promise<Apdu | Uint8Array> {
    const outcomes: AccessOutcome[] = [];
    const values: DataValue[] = [];
    const none: DataValue = { type: "null" };
    for (const [index, part] of request.specifications.entries()) {
      const value = request.values[index] ?? none;
      if (part.service === "action") {
        const outcome = await this.#objects.action(part.method, value.type === "null" ? undefined : value);
        values.push(outcome.result?.ok ? outcome.result.data : none);
        outcomes.push({ service: "action", result: outcome.actionResult });
      } else if (part.service === "get") {
        const result = await this.#get(part, agreed);
        values.push(result.ok ? dataOf(result) : none);
        outcomes.push({ service: "get", result: result.ok ? "success" : result.dataAccessResult });
      } else {
        values.push(none);
        outcomes.push({ service: "set", result: await this.#objects.set(part, value) });
      }
    }
    const { longInvokeId } = request;
    const answer = encodeApdu({ kind: "access-response", longInvokeId, values, outcomes });
    // There are no blocks of ACCESS: either general block transfer carries it, or nothing does.
    const fits =
      answer.length <= lengthMaxOf(agreed) || conforms(agreed.conformance, "general-block-transfer");
    return fits ? answer : notServed("pdu-too-long");
  }

  /** The answer as it is, or its first block where it is longer than the client takes. */
  #cut(
    answer: Uint8Array,
    of: Outgoing["of"],
    raw: Uint8Array,
    invoke: Invoke,
    agreed: Agreed,
  ): Apdu | Uint8Array {
    if (answer.length <= lengthMaxOf(agreed)) return answer;
    if (!conforms(agreed.conformance, `block-transfer-with-${of}`)) {
      return conforms(agreed.conformance, "general-block-transfer") ? answer : notServed("pdu-too-long");
    }
    this.#outgoing = { of, rest: raw, block: 0 };
    return this.#block(this.#outgoing, invoke, agreed);
  }

  #block(outgoing: Outgoing, invoke: Invoke, agreed: Agreed): Apdu {
    const length = Math.max(lengthMaxOf(agreed) - blockOverhead, 1);
    const raw = outgoing.rest.subarray(0, length);
    outgoing.rest = outgoing.rest.subarray(length);
    outgoing.block++;
    const last = outgoing.rest.length === 0;
    if (last) this.#outgoing = undefined;
    const kind = outgoing.of === "get" ? "get-response-with-block" : "action-response-block";
    return { kind, invoke, last, block: outgoing.block, raw };
  }

  #next(
    kind: "get-request-next" | "action-request-next",
    invoke: Invoke,
    block: number,
    agreed: Agreed,
  ): Apdu {
    const outgoing = this.#outgoing;
    const isGet = kind === "get-request-next";
    if (outgoing?.of === (isGet ? "get" : "action") && outgoing.block === block) {
      return this.#block(outgoing, invoke, agreed);
    }
    this.#outgoing = undefined;
    if (isGet) {
      const dataAccessResult = outgoing ? "data-block-number-invalid" : "no-long-get-in-progress";
      return { kind: "get-response-block-error", invoke, last: true, block, dataAccessResult };
    }
    const actionResult = outgoing ? "long-action-aborted" : "no-long-action-in-progress";
    return { kind: "action-response-normal", invoke, actionResult };
  }

  #first(
    what:
      | { of: "set"; items: readonly AttributeAccess[]; list: boolean }
      | { of: "action"; methods: readonly MethodReference[]; list: boolean },
    request: DataBlock & { readonly invoke: Invoke },
    agreed: Agreed,
  ): Promise<Apdu | Uint8Array> {
    this.#incoming = { ...what, invoke: request.invoke, parts: [], length: 0, block: 0 };
    return this.#more(request.invoke, what.of, request, agreed);
  }

  /** One block of a long request; the last one is carried out. */
  async #more(
    invoke: Invoke,
    of: "set" | "action",
    block: DataBlock,
    agreed: Agreed,
  ): Promise<Apdu | Uint8Array> {
    const incoming = this.#incoming;
    if (incoming?.of !== of) return refused(of, invoke, `no-long-${of}-in-progress`);
    incoming.length += block.raw.length;
    if (block.block !== incoming.block + 1 || incoming.length > requestLengthMax) {
      this.#incoming = undefined;
      return refused(of, invoke, `long-${of}-aborted`);
    }
    incoming.block = block.block;
    incoming.parts.push(block.raw.slice());
    if (!block.last) {
      return of === "set"
        ? { kind: "set-response-block", invoke, block: block.block }
        : { kind: "action-response-next", invoke, block: block.block };
    }
    this.#incoming = undefined;
    const values = valuesOf(concatBytes(...incoming.parts), incoming.list);
    if (!values) return refused(of, invoke, "type-unmatched");
    if (incoming.of === "set") {
      const results = await this.#setAll(incoming.items, values);
      return incoming.list
        ? { kind: "set-response-list-last-block", invoke, dataAccessResults: results, block: block.block }
        : {
            kind: "set-response-last-block",
            invoke,
            dataAccessResult: results[0] as string,
            block: block.block,
          };
    }
    if (incoming.list) return this.#actAll(invoke, incoming.methods, values, agreed);
    return this.#act(invoke, incoming.methods[0] as MethodReference, values[0], agreed);
  }
}

export const encodedOf = (result: Extract<DeviceResult, { ok: true }>): Uint8Array =>
  "encoded" in result ? result.encoded : encodeData(result.data);

const dataOf = (result: Extract<DeviceResult, { ok: true }>): DataValue =>
  "encoded" in result ? decodeData(result.encoded) : result.data;

function putDeviceResult(writer: Writer, result: DeviceResult): void {
  if (result.ok && "encoded" in result) writer.uint8(0).raw(result.encoded);
  else putResult(writer, result);
}

function getResponse(choice: number, invoke: Invoke, before: Writer, raw: Uint8Array): Uint8Array {
  const writer = new Writer(raw.length + 8).uint8(apduTags["get-response"]).uint8(choice);
  putInvoke(writer, invoke);
  return writer.raw(before.finish()).raw(raw).finish();
}

export const lengthMaxOf = ({ clientMaxReceivePduLength: length }: Agreed): number =>
  Math.max((length === 0 ? longestPdu : length) - protectionOverhead, blockOverhead + 1);

const refused = (of: "set" | "action", invoke: Invoke, result: string): Apdu =>
  of === "set"
    ? { kind: "set-response-normal", invoke, dataAccessResult: result }
    : { kind: "action-response-normal", invoke, actionResult: result };

function counted<Element>(
  elements: readonly Element[],
  put: (writer: Writer, element: Element) => void,
): Uint8Array {
  const writer = new Writer();
  writer.size(elements.length);
  for (const element of elements) put(writer, element);
  return writer.finish();
}

/** The values in the joined blocks: one, or a count and that many; `undefined` when they are none. */
function valuesOf(bytes: Uint8Array, list: boolean): DataValue[] | undefined {
  try {
    const cursor = new Cursor(bytes, "data");
    const count = list ? cursor.count(1) : 1;
    const values: DataValue[] = [];
    for (let i = 0; i < count; i++) values.push(takeData(cursor));
    cursor.done();
    return values;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
