import { DecodeError } from "../errors.ts";
import { decodeApdu } from "./apdu.ts";
import type {
  Apdu,
  AttributeReference,
  MethodReference,
  ReadResult,
  VariableAccess,
  WriteResult,
} from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";
import { type ConformanceName, conforms } from "./conformance.ts";
import type { DataValue } from "./data.ts";
import type { Agreed, Serve, Served } from "./device-association.ts";
import {
  type DeviceObjects,
  encodedOf,
  lengthMaxOf,
  notServed,
  requestLengthMax,
} from "./device-services.ts";
import { codeOf, dataAccessResults } from "./names.ts";
import { attributeShortName, methodShortName, type ShortNameObject } from "./short-names.ts";
import { apduTags } from "./tags.ts";
import { Writer } from "./writer.ts";

/** An object with the attributes and methods that have short names. */
export interface NamedObject extends ShortNameObject {
  readonly attributes: readonly number[];
  readonly methods: readonly number[];
}

/** What stands at a short name. */
export type NamedPlace =
  | { readonly kind: "attribute"; readonly attribute: AttributeReference }
  | { readonly kind: "method"; readonly method: MethodReference };

/** Every short name of a device. @throws LinkError `dlms.method-offset` for methods of a class without known offsets */
export function shortNamePlaces(objects: readonly NamedObject[]): ReadonlyMap<number, NamedPlace> {
  const places = new Map<number, NamedPlace>();
  for (const object of objects) {
    const { classId, obis } = object;
    for (const attribute of object.attributes) {
      const name = attributeShortName(object, attribute);
      places.set(name, { kind: "attribute", attribute: { classId, obis, attribute } });
    }
    for (const method of object.methods) {
      places.set(methodShortName(object, method), { kind: "method", method: { classId, obis, method } });
    }
  }
  return places;
}

/** Tag, count, choice, last, number and a length of up to three bytes. */
const blockOverhead = 10;

/**
 * Serves READ and WRITE by short names (IEC 62056-5-3) on a device's objects: lists, parameterised access, methods called
 * by READ (with a result) or WRITE, long answers and long writes in blocks. One client at a time.
 */
export function serveShortNames(objects: DeviceObjects, places: ReadonlyMap<number, NamedPlace>): Serve {
  const device = new ShortNameDevice(objects, places);
  return (request, agreed) => device.serve(request, agreed);
}

class ShortNameDevice {
  readonly #objects: DeviceObjects;
  readonly #places: ReadonlyMap<number, NamedPlace>;
  #outgoing: { rest: Uint8Array; block: number } | undefined;
  #incoming: { parts: Uint8Array[]; length: number; block: number } | undefined;

  constructor(objects: DeviceObjects, places: ReadonlyMap<number, NamedPlace>) {
    this.#objects = objects;
    this.#places = places;
  }

  async serve(request: Apdu, agreed: Agreed): Promise<Served> {
    switch (request.kind) {
      case "read-request":
        return this.#read(request.items, agreed);
      case "write-request":
        return this.#write(request.items, request.values, agreed);
      case "unconfirmed-write-request":
        if (conforms(agreed.conformance, "unconfirmed-write"))
          await this.#writeAll(request.items, request.values);
        return undefined;
      default:
        return notServed("service-not-supported", "service-unknown");
    }
  }

  async #read(items: readonly VariableAccess[], agreed: Agreed): Promise<Served> {
    const [first] = items;
    if (first?.kind === "next-block") return this.#nextBlock(first.block, agreed);
    this.#outgoing = undefined;
    if (!this.#isAgreed(items, "read", agreed)) return notServed("service-not-supported");
    const body = new Writer(256).size(items.length);
    for (const item of items) await this.#putOne(body, item);
    const raw = body.finish();
    const answer = concatBytes(Uint8Array.of(apduTags["read-response"]), raw);
    if (answer.length <= lengthMaxOf(agreed)) return answer;
    if (!conforms(agreed.conformance, "block-transfer-with-get")) return notServed("pdu-too-long");
    this.#outgoing = { rest: raw, block: 0 };
    return this.#nextBlock(0, agreed);
  }

  #isAgreed(items: readonly VariableAccess[], service: ConformanceName, { conformance }: Agreed): boolean {
    const parameterized = items.some((item) => item.kind === "name" && item.selection);
    return (
      conforms(conformance, service) &&
      (items.length < 2 || conforms(conformance, "multiple-references")) &&
      (!parameterized || conforms(conformance, "parameterized-access"))
    );
  }

  async #putOne(body: Writer, item: VariableAccess): Promise<void> {
    const refuse = (result: string) => body.uint8(1).uint8(codeOf(dataAccessResults, result));
    if (item.kind !== "name") {
      refuse("no-long-get-in-progress");
      return;
    }
    const place = this.#places.get(item.name);
    if (!place) {
      refuse("object-undefined");
    } else if (place.kind === "attribute") {
      const { attribute } = place;
      const { selection } = item;
      const result = await this.#objects.get(selection ? { attribute, selection } : { attribute });
      if (result.ok) body.uint8(0).raw(encodedOf(result));
      else refuse(result.dataAccessResult);
    } else {
      const given = item.selection?.parameters;
      const parameters = given && given.type !== "null" ? given : undefined;
      const { actionResult, result } = await this.#objects.action(place.method, parameters);
      if (actionResult !== "success") refuse(actionResult);
      else if (result?.ok) body.uint8(0).raw(encodedOf(result));
      else if (result) refuse(result.dataAccessResult);
      else body.uint16(0);
    }
  }

  /** The block after the one that the client has. */
  #nextBlock(taken: number, agreed: Agreed): Apdu {
    const outgoing = this.#outgoing;
    if (!outgoing || outgoing.block !== taken) {
      this.#outgoing = undefined;
      const dataAccessResult = outgoing ? "data-block-number-invalid" : "no-long-get-in-progress";
      return { kind: "read-response", results: [{ ok: false, dataAccessResult }] };
    }
    const length = Math.max(lengthMaxOf(agreed) - blockOverhead, 1);
    const raw = outgoing.rest.subarray(0, length);
    outgoing.rest = outgoing.rest.subarray(length);
    outgoing.block++;
    const last = outgoing.rest.length === 0;
    if (last) this.#outgoing = undefined;
    const result: ReadResult = { ok: "block", last, block: outgoing.block, raw };
    return { kind: "read-response", results: [result] };
  }

  async #write(
    items: readonly VariableAccess[],
    values: readonly DataValue[],
    agreed: Agreed,
  ): Promise<Served> {
    const [first] = items;
    const [value] = values;
    if (first?.kind === "write-block") {
      const longs = conforms(agreed.conformance, "block-transfer-with-set");
      if (!longs || value?.type !== "octet-string")
        return written({ ok: false, dataAccessResult: "type-unmatched" });
      return this.#takeBlock(first, value.bytes, agreed);
    }
    this.#incoming = undefined;
    if (!this.#isAgreed(items, "write", agreed)) return notServed("service-not-supported");
    return { kind: "write-response", results: await this.#writeAll(items, values) };
  }

  async #writeAll(items: readonly VariableAccess[], values: readonly DataValue[]): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const [index, item] of items.entries()) {
      const value = values[index];
      const result = item.kind === "name" && value ? await this.#writeOne(item, value) : "type-unmatched";
      results.push(result === "success" ? { ok: true } : { ok: false, dataAccessResult: result });
    }
    return results;
  }

  async #writeOne(item: Extract<VariableAccess, { kind: "name" }>, value: DataValue): Promise<string> {
    const place = this.#places.get(item.name);
    if (!place) return "object-undefined";
    if (place.kind === "method") {
      const parameters = value.type === "null" ? undefined : value;
      return (await this.#objects.action(place.method, parameters)).actionResult;
    }
    const { attribute } = place;
    const { selection } = item;
    return this.#objects.set(selection ? { attribute, selection } : { attribute }, value);
  }

  /** A part of a long WRITE; the joined parts are the request without its tag. */
  async #takeBlock(
    { last, block }: { readonly last: boolean; readonly block: number },
    raw: Uint8Array,
    agreed: Agreed,
  ): Promise<Served> {
    if (block === 1) this.#incoming = { parts: [], length: 0, block: 0 };
    const incoming = this.#incoming;
    if (!incoming) return written({ ok: false, dataAccessResult: "no-long-set-in-progress" });
    incoming.length += raw.length;
    if (block !== incoming.block + 1 || incoming.length > requestLengthMax) {
      this.#incoming = undefined;
      return written({ ok: false, dataAccessResult: "long-set-aborted" });
    }
    incoming.block = block;
    incoming.parts.push(raw.slice());
    if (!last) return written({ ok: "block", block });
    this.#incoming = undefined;
    const whole = requestIn(concatBytes(Uint8Array.of(apduTags["write-request"]), ...incoming.parts));
    if (!whole || whole.items.some(({ kind }) => kind !== "name")) {
      return written({ ok: false, dataAccessResult: "type-unmatched" });
    }
    return this.#write(whole.items, whole.values, agreed);
  }
}

const written = (result: WriteResult): Apdu => ({ kind: "write-response", results: [result] });

function requestIn(
  bytes: Uint8Array,
): Extract<Apdu, { kind: "write-request" | "unconfirmed-write-request" }> | undefined {
  try {
    const apdu = decodeApdu(bytes);
    return apdu.kind === "write-request" ? apdu : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
