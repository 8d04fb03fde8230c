import { type AttributeAccess, encodeData, type GetApdu, type Invoke } from "@energsys/protocols/dlms";
import { ByteSink } from "./byte-sink.ts";
import { conformance } from "./conformance.ts";
import { type Answer, type CosemObject, refused } from "./cosem-object.ts";
import { nameOctets } from "./values.ts";

type GetRequest = Extract<
  GetApdu,
  { kind: "get-request-normal" | "get-request-next" | "get-request-with-list" }
>;

/** Tag, type, invoke-id, last-block, number (4), choice and a length of up to 5 bytes. */
const blockOverhead = 14;
const noLongGet = 16;
const wrongBlock = 19;

/**
 * GET of one association (IEC 62056-5-3): single, with list, and in blocks where the answer is longer than a PDU of
 * this association. One long answer at a time; a new request drops the old one.
 */
export class GetService {
  readonly #objects: ReadonlyMap<string, CosemObject>;
  readonly #agreed: number;
  readonly #pduLengthMax: number;
  #long: { readonly bytes: Uint8Array; given: number; block: number } | undefined;

  constructor(objects: readonly CosemObject[], agreed: number, pduLengthMax: number) {
    this.#objects = new Map(objects.map((object) => [object.obis, object]));
    this.#agreed = agreed;
    this.#pduLengthMax = pduLengthMax;
  }

  /** The answer, or `undefined` when it fits no PDU and blocks were not agreed. */
  answer(request: GetRequest): Uint8Array | undefined {
    if (request.kind === "get-request-next") return this.#next(request.invoke, request.block);
    this.#long = undefined;
    if (request.kind === "get-request-normal") {
      const answer = this.#read(request);
      if (isRefused(answer)) return Uint8Array.of(0xc4, 1, invokeByte(request.invoke), 1, answer.refused);
      const bytes = bytesOf(answer);
      if (bytes.length + 4 > this.#pduLengthMax) return this.#firstBlock(request.invoke, bytes);
      const sink = new ByteSink(bytes.length + 4);
      sink.put(Uint8Array.of(0xc4, 1, invokeByte(request.invoke), 0));
      sink.put(bytes);
      return sink.bytes();
    }
    if ((this.#agreed & conformance.multipleReferences) === 0) return undefined;
    const list = new ByteSink();
    list.count(request.items.length);
    for (const item of request.items) {
      const answer = this.#read(item);
      if (isRefused(answer)) list.uint16(0x0100 | answer.refused);
      else {
        list.uint8(0);
        list.put(bytesOf(answer));
      }
    }
    if (list.length + 3 > this.#pduLengthMax) return this.#firstBlock(request.invoke, list.bytes());
    const sink = new ByteSink(list.length + 3);
    sink.put(Uint8Array.of(0xc4, 3, invokeByte(request.invoke)));
    sink.put(list.bytes());
    return sink.bytes();
  }

  #read({ attribute, selection }: AttributeAccess): Answer {
    const object = this.#objects.get(attribute.obis);
    if (!object) return refused.objectUndefined;
    if (object.classId !== attribute.classId) return refused.classInconsistent;
    if (attribute.attribute === 1) return nameOctets(object.obis);
    const read = object.attributes[attribute.attribute];
    if (!read) return refused.objectUndefined;
    if (!selection) return read();
    const selective = (this.#agreed & conformance.selectiveAccess) !== 0 && attribute.attribute === 2;
    if (!selective || !object.selectors?.includes(selection.selector)) return refused.scopeViolated;
    return read(selection);
  }

  #firstBlock(invoke: Invoke, bytes: Uint8Array): Uint8Array | undefined {
    if ((this.#agreed & conformance.blockTransferWithGet) === 0) return undefined;
    this.#long = { bytes, given: 0, block: 0 };
    return this.#next(invoke, 0);
  }

  /** `acknowledged` is the block that the reader has; the next one goes out. */
  #next(invoke: Invoke, acknowledged: number): Uint8Array {
    const sink = new ByteSink(this.#pduLengthMax);
    const long = this.#long;
    const wrong = !long ? noLongGet : long.block !== acknowledged ? wrongBlock : undefined;
    const from = long?.given ?? 0;
    const part = long?.bytes.subarray(from, from + this.#pduLengthMax - blockOverhead) ?? new Uint8Array(0);
    const last = wrong !== undefined || from + part.length === long?.bytes.length;
    sink.put(Uint8Array.of(0xc4, 2, invokeByte(invoke), last ? 1 : 0));
    sink.uint32(wrong === undefined ? acknowledged + 1 : acknowledged);
    if (wrong !== undefined) {
      this.#long = undefined;
      sink.uint16(0x0100 | wrong);
      return sink.bytes();
    }
    sink.uint8(0);
    sink.count(part.length);
    sink.put(part);
    if (long) {
      long.given += part.length;
      long.block = acknowledged + 1;
    }
    if (last) this.#long = undefined;
    return sink.bytes();
  }
}

const isRefused = (answer: Answer): answer is { readonly refused: number } => "refused" in answer;
const bytesOf = (answer: Exclude<Answer, { readonly refused: number }>): Uint8Array =>
  answer instanceof Uint8Array ? answer : encodeData(answer);
const invokeByte = ({ id, confirmed, highPriority }: Invoke): number =>
  id | (confirmed ? 0x40 : 0) | (highPriority ? 0x80 : 0);
