import {
  type Apdu,
  type ApduLink,
  type AttributeReference,
  type ConformanceName,
  type DataValue,
  DlmsClient,
  type DlmsClientOptions,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  encodeData,
  type GetResult,
} from "@energsys/protocols/dlms";
import { expect, test } from "vitest";

const all: ConformanceName[] = ["get", "block-transfer-with-get", "multiple-references", "selective-access"];
const value = (length: number): DataValue => ({
  type: "octet-string",
  bytes: Uint8Array.from({ length }, (_, at) => at * 3),
});

/** A small meter on the other end of a link: it answers GETs of its values, in blocks where they are long. */
class Meter implements ApduLink {
  readonly requests: Apdu[] = [];
  closed = false;
  /** Changes the answer to a request. */
  distort: (answer: Apdu, request: Apdu) => Apdu | Uint8Array = (answer) => answer;
  readonly #values: Record<string, DataValue>;
  readonly #services: ConformanceName[];
  readonly #blockLength: number;
  #rest: { raw: Uint8Array; block: number } = { raw: new Uint8Array(0), block: 0 };

  constructor(values: Record<string, DataValue>, services: ConformanceName[] = all, blockLength = 100) {
    this.#values = values;
    this.#services = services;
    this.#blockLength = blockLength;
  }

  async connect(): Promise<void> {}

  async exchange(bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeApdu(bytes);
    this.requests.push(request);
    const answer = this.distort(this.#answer(request), request);
    return answer instanceof Uint8Array ? answer : encodeApdu(answer);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #answer(request: Apdu): Apdu {
    switch (request.kind) {
      case "aarq":
        return {
          kind: "aare",
          context: "logical-names",
          result: "accepted",
          diagnostic: { source: "service-user", code: 0, name: "null" },
          userInformation: {
            kind: "initiate-response",
            dlmsVersion: 6,
            conformance: encodeConformance(this.#services),
            maxReceivePduLength: 60,
            vaaName: 7,
          },
        };
      case "rlrq":
        return { kind: "rlre", reason: 0 };
      case "get-request-normal": {
        const result = this.#read(request.attribute);
        const raw = result.ok ? encodeData(result.data) : new Uint8Array(0);
        if (raw.length <= this.#blockLength)
          return { kind: "get-response-normal", invoke: request.invoke, result };
        this.#rest = { raw, block: 0 };
        return this.#nextBlock(request.invoke);
      }
      case "get-request-with-list": {
        const results = request.items.map((item) => this.#read(item.attribute));
        const answer: Apdu = { kind: "get-response-with-list", invoke: request.invoke, results };
        const raw = encodeApdu(answer).subarray(3);
        if (raw.length <= this.#blockLength) return answer;
        this.#rest = { raw, block: 0 };
        return this.#nextBlock(request.invoke);
      }
      case "get-request-next":
        return this.#nextBlock(request.invoke);
      default:
        return {
          kind: "exception-response",
          stateError: "service-unknown",
          serviceError: "service-not-supported",
        };
    }
  }

  #nextBlock(invoke: { id: number; confirmed: boolean; highPriority: boolean }): Apdu {
    const raw = this.#rest.raw.subarray(0, this.#blockLength);
    this.#rest = { raw: this.#rest.raw.subarray(this.#blockLength), block: this.#rest.block + 1 };
    return {
      kind: "get-response-with-block",
      invoke,
      last: this.#rest.raw.length === 0,
      block: this.#rest.block,
      raw,
    };
  }

  #read(attribute: AttributeReference): GetResult {
    const data = this.#values[`${attribute.obis}/${attribute.attribute}`];
    return data ? { ok: true, data } : { ok: false, dataAccessResult: "object-undefined" };
  }
}

const of = (obis: string, attribute = 2): AttributeReference => ({ classId: 3, obis, attribute });
const open = (meter: Meter, options: Partial<DlmsClientOptions> = {}) =>
  DlmsClient.associate(meter, { authentication: { kind: "none" }, ...options });
const kinds = (meter: Meter): string[] => meter.requests.map(({ kind }) => kind);

test("one value, one error, one long value in blocks", async () => {
  const meter = new Meter({ "1-0:1.8.0*255/2": value(5), "1-0:99.1.0*255/2": value(350) });
  const client = await open(meter);
  expect(await client.get(of("1-0:1.8.0*255"))).toEqual({ ok: true, data: value(5) });
  expect(await client.get(of("1-0:2.8.0*255"))).toEqual({ ok: false, dataAccessResult: "object-undefined" });
  expect(await client.get(of("1-0:99.1.0*255"))).toEqual({ ok: true, data: value(350) });
  expect(await client.getRaw(of("1-0:99.1.0*255"))).toEqual({
    ok: true,
    bytes: new Uint8Array(encodeData(value(350))),
  });
  await client.release();
  expect(kinds(meter).slice(0, 6)).toEqual([
    "aarq",
    "get-request-normal",
    "get-request-normal",
    "get-request-normal",
    "get-request-next",
    "get-request-next",
  ]);
  expect(kinds(meter).at(-1)).toBe("rlrq");
  expect(meter.closed).toBe(true);
});

test("a list is read in requests that fit the meter's PDU, its answer in blocks, in the order asked", async () => {
  const values = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`1-0:${n}.8.0*255/2`, value(n * 30)]));
  const meter = new Meter(values);
  const client = await open(meter);
  const asked = [7, 1, 9, 2, 3, 4, 5, 6].map((n) => of(`1-0:${n}.8.0*255`));
  const results = await client.getList(asked);
  expect(
    results.map((result) =>
      result.ok ? (result.data as { bytes: Uint8Array }).bytes.length : result.dataAccessResult,
    ),
  ).toEqual([210, 30, "object-undefined", 60, 90, 120, 150, 180]);
  const lists = meter.requests.filter(({ kind }) => kind === "get-request-with-list");
  expect(lists).toHaveLength(2);
  for (const list of lists) expect(encodeApdu(list).length).toBeLessThanOrEqual(60);
});

test("a meter without lists is asked one by one", async () => {
  const meter = new Meter({ "1-0:1.8.0*255/2": value(1), "1-0:2.8.0*255/2": value(2) }, ["get"]);
  const client = await open(meter);
  expect(client.supports("multiple-references")).toBe(false);
  const results = await client.getList([of("1-0:1.8.0*255"), of("1-0:2.8.0*255")]);
  expect(results.map((result) => result.ok)).toEqual([true, true]);
  expect(kinds(meter)).toEqual(["aarq", "get-request-normal", "get-request-normal"]);
});

test("a selection that was not negotiated is not sent", async () => {
  const meter = new Meter({}, ["get"]);
  const client = await open(meter);
  const selection = { selector: 2, parameters: value(1) };
  await expect(client.get(of("1-0:99.1.0*255"), selection)).rejects.toMatchObject({
    code: "dlms.not-negotiated",
  });
  expect(kinds(meter)).toEqual(["aarq"]);
  expect(meter.closed).toBe(false);
});

const breaks: [string, string, (answer: Apdu, request: Apdu) => Apdu | Uint8Array][] = [
  [
    "another invoke id",
    "dlms.invoke-id",
    (answer) => ("invoke" in answer ? { ...answer, invoke: { ...answer.invoke, id: 9 } } : answer),
  ],
  [
    "a block twice",
    "dlms.block-number",
    (answer) => (answer.kind === "get-response-with-block" ? { ...answer, block: 1 } : answer),
  ],
  [
    "a block too many",
    "dlms.too-long",
    (answer) =>
      answer.kind === "get-response-with-block"
        ? { ...answer, last: false, raw: new Uint8Array(900) }
        : answer,
  ],
  [
    "empty blocks for ever",
    "dlms.unexpected",
    (answer) =>
      answer.kind === "get-response-with-block" ? { ...answer, last: false, raw: new Uint8Array(0) } : answer,
  ],
  [
    "an answer of another service",
    "dlms.unexpected",
    (answer, request) => (request.kind.startsWith("get") ? { kind: "rlre" } : answer),
  ],
  [
    "bytes that are no APDU",
    "link.garbled",
    (answer, request) => (request.kind.startsWith("get") ? Uint8Array.of(0xc4, 1) : answer),
  ],
];
test.each(breaks)("%s closes the link", async (_name, code, distort) => {
  const meter = new Meter({ "1-0:99.1.0*255/2": value(350) });
  const client = await open(meter, { valueLengthMax: 2000 });
  meter.distort = distort;
  await expect(client.get(of("1-0:99.1.0*255"))).rejects.toMatchObject({ code });
  expect(meter.closed).toBe(true);
});

test("a list answered with another number of results closes the link", async () => {
  const meter = new Meter({});
  const client = await open(meter);
  meter.distort = (answer) =>
    answer.kind === "get-response-with-list" ? { ...answer, results: answer.results.slice(1) } : answer;
  await expect(client.getList([of("1-0:1.8.0*255"), of("1-0:2.8.0*255")])).rejects.toMatchObject({
    code: "dlms.unexpected",
  });
  expect(meter.closed).toBe(true);
});

test("a service that the meter refuses leaves the association open", async () => {
  const meter = new Meter({ "1-0:1.8.0*255/2": value(1) });
  const client = await open(meter);
  meter.distort = () => ({
    kind: "exception-response",
    stateError: "service-not-allowed",
    serviceError: "operation-not-possible",
  });
  await expect(client.get(of("1-0:1.8.0*255"))).rejects.toMatchObject({ code: "dlms.exception" });
  meter.distort = (answer) => answer;
  expect((await client.get(of("1-0:1.8.0*255"))).ok).toBe(true);
});

test("a value that is none leaves the association open for other values", async () => {
  const meter = new Meter({ "1-0:99.1.0*255/2": value(350), "1-0:1.8.0*255/2": value(1) });
  const client = await open(meter);
  meter.distort = (answer) =>
    answer.kind === "get-response-with-block" ? { ...answer, last: true, raw: Uint8Array.of(7) } : answer;
  await expect(client.get(of("1-0:99.1.0*255"))).rejects.toMatchObject({ code: "dlms.value" });
  expect((await client.get(of("1-0:1.8.0*255"))).ok).toBe(true);
  expect(meter.closed).toBe(false);
});

test("of a value that is sent twice in one answer the first one counts", async () => {
  const meter = new Meter({ "1-0:1.8.0*255/2": value(3), "1-0:99.1.0*255/2": value(150) });
  const client = await open(meter);
  meter.distort = (answer) => {
    if (answer.kind === "get-response-normal")
      return Uint8Array.of(...encodeApdu(answer), ...encodeData(value(3)));
    const last = answer.kind === "get-response-with-block" && answer.last;
    return last ? { ...answer, raw: Uint8Array.of(...answer.raw, ...encodeData(value(150))) } : answer;
  };
  expect(await client.get(of("1-0:1.8.0*255"))).toEqual({ ok: true, data: value(3) });
  expect(await client.get(of("1-0:99.1.0*255"))).toEqual({ ok: true, data: value(150) });
});

test("blocks that the meter gives up are its answer, not a fault of the link", async () => {
  const meter = new Meter({ "1-0:99.1.0*255/2": value(350) });
  const client = await open(meter);
  meter.distort = (answer) =>
    answer.kind === "get-response-with-block" && answer.block === 2
      ? {
          kind: "get-response-block-error",
          invoke: answer.invoke,
          last: true,
          block: 2,
          dataAccessResult: "long-get-aborted",
        }
      : answer;
  expect(await client.get(of("1-0:99.1.0*255"))).toEqual({ ok: false, dataAccessResult: "long-get-aborted" });
});

const accepted = { kind: "aare", context: "logical-names", result: "accepted" } as const;
const refusals: [string, string, Apdu][] = [
  [
    "a wrong password",
    "authentication-failure",
    {
      ...accepted,
      result: "rejected-permanent",
      diagnostic: { source: "service-user", code: 13, name: "authentication-failure" },
    },
  ],
  [
    "high security wanted",
    "authentication-required",
    { ...accepted, diagnostic: { source: "service-user", code: 14, name: "authentication-required" } },
  ],
  [
    "an old DLMS version",
    "dlms-version-too-low",
    {
      ...accepted,
      result: "rejected-permanent",
      diagnostic: { source: "service-user", code: 1, name: "no-reason-given" },
      userInformation: {
        kind: "confirmed-service-error",
        service: "initiate",
        errorClass: "initiate",
        error: "dlms-version-too-low",
      },
    },
  ],
  [
    "an exception",
    "deciphering-error",
    { kind: "exception-response", stateError: "service-not-allowed", serviceError: "deciphering-error" },
  ],
  [
    "short names only",
    "short-names-only",
    {
      ...accepted,
      diagnostic: { source: "service-user", code: 0, name: "null" },
      userInformation: {
        kind: "initiate-response",
        dlmsVersion: 6,
        conformance: 0x1c0320,
        maxReceivePduLength: 500,
        vaaName: 0xfa00,
      },
    },
  ],
];
test.each(refusals)(
  "%s refuses the association with its diagnostic and closes the link",
  async (_name, diagnostic, answer) => {
    const meter = new Meter({});
    meter.distort = () => answer;
    const code = diagnostic === "authentication-failure" ? "association.unproven" : "association.refused";
    await expect(open(meter)).rejects.toMatchObject({ code, diagnostic });
    expect(meter.closed).toBe(true);
  },
);

test("the password goes out as low security, the proposal as asked", async () => {
  const meter = new Meter({});
  const client = await open(meter, {
    authentication: { kind: "low", password: "12345678" },
    maxReceivePduLength: 1200,
    conformance: 0x00001d,
  });
  expect(meter.requests[0]).toMatchObject({
    mechanism: "low",
    authenticationValue: new TextEncoder().encode("12345678"),
    userInformation: { conformance: 0x00001d, maxReceivePduLength: 1200 },
  });
  // What the meter grants beyond the proposal is not used.
  expect(client.supports("block-transfer-with-get")).toBe(false);
  expect(client.supports("get")).toBe(true);
});
