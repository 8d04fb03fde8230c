import { type CaptureObject, decodeCaptureObjects } from "../cosem/capture-objects.ts";
import { scalerAttribute } from "../cosem/classes.ts";
import { findScalerUnit, type ScalerUnit } from "../cosem/scaler.ts";
import { decodeLeadingApdu } from "../dlms/apdu.ts";
import type { Apdu, AttributeReference, GetResult, ReadResult } from "../dlms/apdu-types.ts";
import { concatBytes } from "../dlms/bytes.ts";
import { apduLengthMax, Cursor } from "../dlms/cursor.ts";
import type { DataValue } from "../dlms/data.ts";
import { takeData } from "../dlms/data-decode.ts";
import { takeResult } from "../dlms/services/shared.ts";
import { DecodeError } from "../errors.ts";
import { formatObis, type ObisCode } from "../obis.ts";
import type { Carried } from "./dlms-carried.ts";
import { plainData } from "./dlms-json.ts";
import { Opener } from "./dlms-opener.ts";
import { profileTelegram } from "./dlms-profile.ts";
import { readingOf } from "./dlms-push-body.ts";
import { explainApdu, nameAttribute } from "./dlms-words.ts";
import type { ExplainOptions, Reading, Telegram } from "./explanation.ts";
import { warn } from "./warning.ts";

/** One value that was asked for and came. */
interface Answer {
  readonly attribute: AttributeReference;
  readonly result: GetResult;
}

/** What a dialogue of reader and meter says: words for each APDU, values for each question. */
export interface Dialogue {
  /** In the order of `carried`. */
  readonly words: string[];
  readonly readings: Reading[];
  readonly telegrams: Telegram[];
  readonly warnings: string[];
  readonly systemTitle?: Uint8Array;
}

/** Follows a dialogue: which answer belongs to which question, blocks joined, scalers applied once all are known. */
export function readDialogue(carried: readonly Carried[], options: ExplainOptions): Dialogue {
  const follower = new Follower();
  const opener = new Opener(options);
  const words: string[] = [];
  for (const { apdu, from } of carried) {
    try {
      const { apdu: decoded, end } = decodeLeadingApdu(apdu);
      if (end < apdu.length) follower.warnings.push(warn("apdu.trailing", end));
      opener.learn(decoded);
      const inner = decoded.kind === "ciphered" ? opener.open(decoded, from) : undefined;
      words.push(inner ? `${explainApdu(decoded)}: ${explainApdu(inner)}` : explainApdu(decoded));
      follower.take(decoded);
      if (inner) follower.take(inner);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      follower.warnings.push(warn(error.code, error.offset));
      words.push("not readable");
    }
  }
  const scales = scalesOf(follower.answers);
  const readings = follower.answers.flatMap((answer) => answerReading(answer, scales));
  const telegrams = profilesOf(follower.answers, scales, follower.warnings, options.periodSeconds);
  const title = follower.systemTitle;
  const warnings = [...follower.warnings, ...opener.warnings];
  return { words, readings, telegrams, warnings, ...(title && { systemTitle: title }) };
}

class Follower {
  readonly answers: Answer[] = [];
  readonly warnings: string[] = [];
  systemTitle: Uint8Array | undefined;
  /** What was asked last: one attribute, several, or by short names. */
  #asked: readonly (AttributeReference | undefined)[] = [];
  #parts: Uint8Array[] = [];
  #length = 0;
  readonly #names = new Map<number, { classId: number; obis: ObisCode }>([
    [0xfa00, { classId: 12, obis: "0-0:40.0.0*255" }],
  ]);

  take(apdu: Apdu): void {
    switch (apdu.kind) {
      case "get-request-normal":
        this.#ask([apdu.attribute]);
        return;
      case "get-request-with-list":
        this.#ask(apdu.items.map((item) => item.attribute));
        return;
      case "get-response-normal":
        this.#answer([apdu.result]);
        return;
      case "get-response-with-list":
        this.#answer(apdu.results);
        return;
      case "get-response-with-block":
        this.#block(apdu.raw, apdu.last, () => this.#joinedResults());
        return;
      case "read-request":
        if (apdu.items.some((item) => item.kind === "name")) {
          this.#ask(
            apdu.items.map((item) => (item.kind === "name" ? this.#attributeOf(item.name) : undefined)),
          );
        }
        return;
      case "read-response":
        this.#readResults(apdu.results);
        return;
      case "aare":
        this.systemTitle ??= apdu.respondingApTitle;
        return;
      default:
    }
  }

  #ask(attributes: readonly (AttributeReference | undefined)[]): void {
    this.#asked = attributes;
    this.#parts = [];
    this.#length = 0;
  }

  #answer(results: readonly GetResult[]): void {
    results.forEach((result, index) => {
      const attribute = this.#asked[index];
      if (attribute) this.answers.push({ attribute, result });
      if (attribute?.classId === 12 && result.ok) this.#learnNames(attribute, result.data);
    });
  }

  #block(raw: Uint8Array, last: boolean, joined: () => readonly GetResult[]): void {
    this.#length += raw.length;
    if (this.#length > apduLengthMax) throw new DecodeError("apdu.length", 0);
    this.#parts.push(raw);
    if (last) this.#answer(joined());
  }

  /** Blocks of one attribute are one Data, those of a list are the count and the results. */
  #joinedResults(): readonly GetResult[] {
    const bytes = concatBytes(...this.#parts);
    const cursor = new Cursor(bytes, "apdu");
    if (this.#asked.length === 1) {
      const data = takeData(cursor);
      if (cursor.left > 0)
        this.warnings.push(warn("apdu.trailing", cursor.offset, "after the joined blocks"));
      return [{ ok: true, data }];
    }
    const count = cursor.count(2);
    return Array.from({ length: count }, () => takeResult(cursor));
  }

  #readResults(results: readonly ReadResult[]): void {
    const whole: GetResult[] = [];
    for (const result of results) {
      if (result.ok === "taken") continue;
      if (result.ok !== "block") whole.push(result);
      else this.#block(result.raw, result.last, () => joinedRead(concatBytes(...this.#parts)));
    }
    if (whole.length > 0) this.#answer(whole);
  }

  /** The object of a short name: attribute n stands at base + 8 * (n - 1). */
  #attributeOf(name: number): AttributeReference | undefined {
    let best: AttributeReference | undefined;
    let distance = 8 * 32;
    for (const [base, object] of this.#names) {
      const offset = name - base;
      if (offset < 0 || offset >= distance || offset % 8 !== 0) continue;
      distance = offset;
      best = { ...object, attribute: offset / 8 + 1 };
    }
    return best;
  }

  #learnNames(attribute: AttributeReference, list: DataValue): void {
    if (attribute.attribute !== 2 || list.type !== "array") return;
    for (const element of list.items) {
      if (element.type !== "structure") continue;
      const [base, classId, , obis] = element.items;
      if (base?.type !== "int16" || classId?.type !== "uint16") continue;
      if (obis?.type !== "octet-string" || obis.bytes.length !== 6) continue;
      this.#names.set(base.value & 0xffff, { classId: classId.value, obis: formatObis(obis.bytes) });
    }
  }
}

function joinedRead(bytes: Uint8Array): readonly GetResult[] {
  const cursor = new Cursor(bytes, "apdu");
  const count = cursor.count(2);
  return Array.from({ length: count }, () => {
    if (cursor.peek() !== 0) return takeResult(cursor);
    cursor.uint8();
    return { ok: true, data: takeData(cursor) };
  });
}

type Scales = ReadonlyMap<string, ScalerUnit>;

const objectKey = ({ classId, obis }: AttributeReference): string => `${classId}/${obis}`;

/** Scaler and unit of each object whose own attribute was read. */
function scalesOf(answers: readonly Answer[]): Scales {
  const scales = new Map<string, ScalerUnit>();
  for (const { attribute, result } of answers) {
    if (!result.ok || attribute.attribute !== scalerAttribute(attribute.classId)) continue;
    const scale = findScalerUnit(result.data);
    if (scale) scales.set(objectKey(attribute), scale);
  }
  return scales;
}

function answerReading({ attribute, result }: Answer, scales: Scales): Reading[] {
  const { classId, obis, attribute: number } = attribute;
  const about = { obis, address: `${classId}/${obis}/${number}`, name: nameAttribute(attribute) };
  if (!result.ok) return [{ ...about, value: "", error: result.dataAccessResult } as Reading];
  const isName = number === 1 && result.data.type === "octet-string" && result.data.bytes.length === 6;
  if (isName) return [{ ...about, value: formatObis((result.data as { bytes: Uint8Array }).bytes) }];
  const scalable = number === 2 || (classId === 5 && number === 3);
  const reading = readingOf({ value: result.data }, scalable ? scales.get(objectKey(attribute)) : undefined);
  if (reading) return [{ ...about, ...reading }];
  const data = plainData(result.data);
  return [{ ...about, value: JSON.stringify(data), data } as Reading];
}

const bufferAttribute = 2;
const columnsAttribute = 3;
const periodAttribute = 4;

/** Profiles whose buffer and columns were both read. */
function profilesOf(
  answers: readonly Answer[],
  scales: Scales,
  warnings: string[],
  periodSeconds?: number,
): Telegram[] {
  const of = (obis: ObisCode, number: number): DataValue | undefined => {
    const found = answers.findLast(
      ({ attribute }) => attribute.classId === 7 && attribute.obis === obis && attribute.attribute === number,
    );
    return found?.result.ok ? found.result.data : undefined;
  };
  const telegrams: Telegram[] = [];
  for (const { attribute, result } of answers) {
    if (attribute.classId !== 7 || attribute.attribute !== bufferAttribute || !result.ok) continue;
    const list = of(attribute.obis, columnsAttribute);
    const period = of(attribute.obis, periodAttribute);
    let columns: CaptureObject[] | undefined;
    try {
      columns = list && decodeCaptureObjects(list);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      warnings.push(warn(error.code, error.offset));
    }
    const seconds = period?.type === "uint32" ? period.value : periodSeconds;
    const read = profileTelegram(result.data, {
      obis: attribute.obis,
      ...(columns && { columns }),
      ...(seconds !== undefined && { periodSeconds: seconds }),
      scaleOf: (column) => scales.get(`${column.classId}/${column.obis}`),
    });
    if (!read) continue;
    telegrams.push(read.telegram);
    warnings.push(...read.warnings);
  }
  return telegrams;
}
