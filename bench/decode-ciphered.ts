import { createDecipheriv } from "node:crypto";
import {
  countersInMemory,
  data,
  decodeApdu,
  encodeApdu,
  SecureChannel,
  type SecuritySettings,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { atLeast, type BenchContext, type Metric, median } from "./bench.ts";

const blockLength = 1_024;
/** Tag and length of a ciphered answer of this size; the security control byte follows. */
const headLength = 4;
/** Short turns: what disturbs the machine meets both sides. */
const messages = 2_000;
const runs = 41;
const key = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const authenticationKey = Uint8Array.from({ length: 16 }, (_, index) => 0xd0 + index);
const meterTitle = Uint8Array.of(0x45, 0x4e, 0x53, 0, 0, 0, 0, 1);
const clientTitle = Uint8Array.of(0x45, 0x4e, 0x53, 0, 0, 0, 0, 2);

/** Ciphered answers with a block of 1 KB, checked, opened and decoded by an association's channel, beside Node's AES-GCM alone. */
export async function measureCiphered({ log }: BenchContext): Promise<Metric[]> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const answers = await cipheredAnswers();
    const pair = [await openAll(answers), openBare(answers)] as const;
    if (run === 0) continue;
    ours.push(pair[0]);
    bare.push(pair[1]);
  }
  const ratio = median(ours.map((rate, index) => rate / (bare[index] as number)));
  log(`ciphered 1 KB: ours ${Math.round(median(ours))}/s, AES-GCM alone ${Math.round(median(bare))}/s`);
  return [
    { name: "ciphered answers of 1 KB, opened and decoded", value: median(ours), unit: "messages/s" },
    atLeast("ciphered answers, to AES-GCM of Node alone", ratio, "ratio", 0.5),
  ];
}

const settings = (systemTitle: Uint8Array, peerTitle: Uint8Array): SecuritySettings => ({
  encryptionKey: key,
  authenticationKey,
  systemTitle,
  peerTitle,
  counters: countersInMemory(1),
  ciphers: nodeCiphers,
});

async function cipheredAnswers(): Promise<Uint8Array[]> {
  const meter = new SecureChannel(settings(meterTitle, clientTitle));
  const plain = encodeApdu({
    kind: "get-response-normal",
    invoke: { id: 1, confirmed: true, highPriority: true },
    result: {
      ok: true,
      data: data.octets(Uint8Array.from({ length: blockLength }, (_, index) => index & 0xff)),
    },
  });
  const answers: Uint8Array[] = [];
  for (let index = 0; index < messages; index++)
    answers.push(await meter.protect(plain, { general: false, dedicated: false }));
  return answers;
}

async function openAll(answers: readonly Uint8Array[]): Promise<number> {
  const client = new SecureChannel(settings(clientTitle, meterTitle));
  const start = performance.now();
  for (const answer of answers) {
    const opened = await client.openBytes(answer);
    if (!opened || decodeApdu(opened.apdu).kind !== "get-response-normal")
      throw new Error("an answer is lost");
  }
  return (answers.length * 1000) / (performance.now() - start);
}

/** The least that must be done with such an answer: one decipher with its additional data and tag. */
function openBare(answers: readonly Uint8Array[]): number {
  const additional = Buffer.concat([Buffer.of(0x30), authenticationKey]);
  const iv = new Uint8Array(12);
  iv.set(meterTitle);
  const counter = new DataView(iv.buffer);
  const start = performance.now();
  for (const answer of answers) {
    const content = answer.subarray(headLength);
    counter.setUint32(8, new DataView(content.buffer, content.byteOffset).getUint32(1));
    const decipher = createDecipheriv("aes-128-gcm", key, iv, { authTagLength: 12 });
    decipher.setAAD(additional);
    decipher.setAuthTag(content.subarray(-12));
    decipher.update(content.subarray(5, -12));
    decipher.final();
  }
  return (answers.length * 1000) / (performance.now() - start);
}
