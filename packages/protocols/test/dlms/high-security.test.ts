import { answerChallenge, checkAnswer, type HighMechanism } from "@energsys/protocols/dlms";
import { nodeCiphers, publicKeyOf } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

const text = (value: string) => new TextEncoder().encode(value);
const gmac = {
  suite: 0,
  encryptionKey: hex("000102030405060708090A0B0C0D0E0F"),
  authenticationKey: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
};
const handshake = {
  clientChallenge: text("K56iVagY"),
  serverChallenge: text("P6wRJ21F"),
  clientTitle: hex("4D4D4D0000000001"),
  serverTitle: hex("4D4D4D0000BC614E"),
};

test("GMAC answers both published challenges to the byte", () => {
  const client = answerChallenge(5, "client", handshake, { gmac }, nodeCiphers, 1);
  const server = answerChallenge(5, "server", handshake, { gmac }, nodeCiphers, 0x01234567);
  expect(asHex(client)).toBe("10000000011a52fe7dd3e72748973c1e28");
  expect(asHex(server)).toBe("1001234567fe1466afb3dbcd4f9389e2b7");
  expect(checkAnswer(5, "server", server, handshake, { gmac }, nodeCiphers)).toEqual({
    good: true,
    counter: 0x01234567,
  });
});

test("MD5 answers the published challenge to the byte", () => {
  const secrets = { secret: text("12345678") };
  expect(asHex(answerChallenge(3, "client", handshake, secrets, nodeCiphers))).toBe(
    "53d4537e37dab4ff089629e25557af9f",
  );
});

const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
const signing = (own: number, peer: number) => ({
  curve: "P-256" as const,
  privateKey: keyOf(own),
  peerKey: publicKeyOf("P-256", keyOf(peer)),
});

test.each([2, 3, 4, 5, 6, 7] as HighMechanism[])(
  "mechanism %i: each side proves itself, and no changed answer passes",
  (mechanism) => {
    const answer = (challenge: Uint8Array, secret: Uint8Array) =>
      challenge.map((byte, at) => byte ^ (secret[at % secret.length] as number));
    const common = { secret: text("secret of both"), answer, gmac };
    const client = { ...common, signing: signing(1, 2) };
    const meter = { ...common, signing: signing(2, 1) };
    const value = answerChallenge(mechanism, "client", handshake, client, nodeCiphers, 77);
    expect(checkAnswer(mechanism, "client", value, handshake, meter, nodeCiphers).good).toBe(true);
    const back = answerChallenge(mechanism, "server", handshake, meter, nodeCiphers, 78);
    expect(checkAnswer(mechanism, "server", back, handshake, client, nodeCiphers).good).toBe(true);
    // The client's value must never pass for the meter's.
    expect(checkAnswer(mechanism, "server", value, handshake, client, nodeCiphers).good).toBe(false);
    for (let at = 0; at < back.length; at++) {
      const changed = back.slice();
      changed[at] = (changed[at] as number) ^ 0x40;
      expect(checkAnswer(mechanism, "server", changed, handshake, client, nodeCiphers).good).toBe(false);
    }
    expect(checkAnswer(mechanism, "server", back.subarray(1), handshake, client, nodeCiphers).good).toBe(
      false,
    );
  },
);

test("a challenge that comes back as the meter's own is never accepted", () => {
  const echoed = { ...handshake, serverChallenge: handshake.clientChallenge };
  const secrets = { secret: text("12345678") };
  const value = answerChallenge(3, "client", echoed, secrets, nodeCiphers);
  expect(checkAnswer(3, "server", value, echoed, secrets, nodeCiphers).good).toBe(false);
});

test("what a mechanism needs and was not given is said", () => {
  const { hash: _, ...without } = nodeCiphers;
  expect(() => answerChallenge(3, "client", handshake, { secret: text("x") }, without)).toThrow(
    expect.objectContaining({ code: "dlms.cipher-missing" }),
  );
  expect(() => answerChallenge(2, "client", handshake, { secret: text("x") }, nodeCiphers)).toThrow(
    expect.objectContaining({ code: "dlms.cipher-missing" }),
  );
});
