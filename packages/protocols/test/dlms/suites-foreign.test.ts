import {
  type Ciphered,
  cipheredTags,
  decodeApdu,
  decodeSecurityControl,
  deriveAgreedKey,
  encodeApdu,
  ephemeralKeyData,
  type GeneralCiphering,
  type GeneralSigning,
  openCiphered,
  openEphemeralKey,
  openGeneral,
  sealContent,
  verifyGeneral,
} from "@energsys/protocols/dlms";
import { nodeCiphers, publicKeyOf } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

// Messages that gurux.dlms.java 4.0.97 made of these keys, titles and of one GET of the clock. It leaves the header of
// general-ciphering out of the additional data, whatever the key.

const titles = { client: hex("4D4D4D0000000001"), meter: hex("4D4D4D0000BC614E") };
const plain = "c001c100080000010000ff0200";
const keysOf = (suite: number) =>
  suite === 2
    ? {
        encryption: hex("21282f363d444b525960676e757c838a91989fa6adb4bbc2c9d0d7dee5ecf3fa"),
        authentication: hex("4d545b626970777e858c939aa1a8afb6bdc4cbd2d9e0e7eef5fc030a11181f26"),
      }
    : {
        encryption: hex("000102030405060708090a0b0c0d0e0f"),
        authentication: hex("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"),
      };
/** Private keys of the client and the meter on P-256, and of the client on P-384. */
const counting = (first: number, length: number) =>
  Uint8Array.from({ length }, (_, at) => (first + at * 7) & 0xff);
const [client, meter, client384] = [counting(1, 32), counting(2, 32), counting(3, 48)] as const;
const clientKey = publicKeyOf("P-256", client);

test.each([
  [0, 16, 200, "c81e1001234567c001c100080000010000ff0200ed515f9f908d0a4d1ee1de9a"],
  [0, 16, 219, "db084d4d4d00000000011e1001234567c001c100080000010000ff0200ed515f9f908d0a4d1ee1de9a"],
  [0, 16, 208, "d01e1001234567c001c100080000010000ff0200ed515f9f908d0a4d1ee1de9a"],
  [0, 16, 220, "dc084d4d4d00000000011e1001234567c001c100080000010000ff0200ed515f9f908d0a4d1ee1de9a"],
  [0, 32, 200, "c812200123456768e479f76bb7e05f9cd30503da"],
  [0, 32, 219, "db084d4d4d000000000112200123456768e479f76bb7e05f9cd30503da"],
  [0, 32, 208, "d012200123456768e479f76bb7e05f9cd30503da"],
  [0, 32, 220, "dc084d4d4d000000000112200123456768e479f76bb7e05f9cd30503da"],
  [0, 48, 200, "c81e300123456768e479f76bb7e05f9cd30503dae82b92a7a218a8dd1b4648d3"],
  [0, 48, 219, "db084d4d4d00000000011e300123456768e479f76bb7e05f9cd30503dae82b92a7a218a8dd1b4648d3"],
  [0, 48, 208, "d01e300123456768e479f76bb7e05f9cd30503dae82b92a7a218a8dd1b4648d3"],
  [0, 48, 220, "dc084d4d4d00000000011e300123456768e479f76bb7e05f9cd30503dae82b92a7a218a8dd1b4648d3"],
  [1, 16, 200, "c81e1101234567c001c100080000010000ff0200fc8ca575d3fcaf7768c01621"],
  [1, 16, 219, "db084d4d4d00000000011e1101234567c001c100080000010000ff0200fc8ca575d3fcaf7768c01621"],
  [1, 16, 208, "d01e1101234567c001c100080000010000ff0200fc8ca575d3fcaf7768c01621"],
  [1, 16, 220, "dc084d4d4d00000000011e1101234567c001c100080000010000ff0200fc8ca575d3fcaf7768c01621"],
  [1, 32, 200, "c812210123456768e479f76bb7e05f9cd30503da"],
  [1, 32, 219, "db084d4d4d000000000112210123456768e479f76bb7e05f9cd30503da"],
  [1, 32, 208, "d012210123456768e479f76bb7e05f9cd30503da"],
  [1, 32, 220, "dc084d4d4d000000000112210123456768e479f76bb7e05f9cd30503da"],
  [1, 48, 200, "c81e310123456768e479f76bb7e05f9cd30503da7dc0d2050ef4d45093d3760d"],
  [1, 48, 219, "db084d4d4d00000000011e310123456768e479f76bb7e05f9cd30503da7dc0d2050ef4d45093d3760d"],
  [1, 48, 208, "d01e310123456768e479f76bb7e05f9cd30503da7dc0d2050ef4d45093d3760d"],
  [1, 48, 220, "dc084d4d4d00000000011e310123456768e479f76bb7e05f9cd30503da7dc0d2050ef4d45093d3760d"],
  [2, 16, 200, "c81e1201234567c001c100080000010000ff0200c8978505e29ca88953074640"],
  [2, 16, 219, "db084d4d4d00000000011e1201234567c001c100080000010000ff0200c8978505e29ca88953074640"],
  [2, 16, 208, "d01e1201234567c001c100080000010000ff0200c8978505e29ca88953074640"],
  [2, 16, 220, "dc084d4d4d00000000011e1201234567c001c100080000010000ff0200c8978505e29ca88953074640"],
  [2, 32, 200, "c81222012345671c5042f5f5a8f3c0b35e762c40"],
  [2, 32, 219, "db084d4d4d00000000011222012345671c5042f5f5a8f3c0b35e762c40"],
  [2, 32, 208, "d01222012345671c5042f5f5a8f3c0b35e762c40"],
  [2, 32, 220, "dc084d4d4d00000000011222012345671c5042f5f5a8f3c0b35e762c40"],
  [2, 48, 200, "c81e32012345671c5042f5f5a8f3c0b35e762c403d247e7b7855bdb2a7ff1139"],
  [2, 48, 219, "db084d4d4d00000000011e32012345671c5042f5f5a8f3c0b35e762c403d247e7b7855bdb2a7ff1139"],
  [2, 48, 208, "d01e32012345671c5042f5f5a8f3c0b35e762c403d247e7b7855bdb2a7ff1139"],
  [2, 48, 220, "dc084d4d4d00000000011e32012345671c5042f5f5a8f3c0b35e762c403d247e7b7855bdb2a7ff1139"],
] as const)(
  "suite %i, control %i, tag %i: sealed as the peer does, and opened",
  (suite, level, tag, theirs) => {
    const keys = keysOf(suite);
    const control = level | suite;
    const counter = 0x01234567;
    const content = sealContent(
      hex(plain),
      { control, counter, systemTitle: titles.client, ...keys },
      nodeCiphers,
    );
    const ours = encodeApdu({
      kind: "ciphered",
      tag,
      service: cipheredTags[tag],
      ...(tag >= 0xdb && { systemTitle: titles.client }),
      securityControl: decodeSecurityControl(control),
      invocationCounter: counter,
      content,
    });
    expect(asHex(ours)).toBe(theirs);
    const opened = openCiphered(
      decodeApdu(hex(theirs)) as Ciphered,
      { ...keys, systemTitle: titles.client },
      nodeCiphers,
    );
    expect(opened.ok && asHex(opened.apdu)).toBe(plain);
  },
);

test.each([
  [
    16,
    "050c131a21282f363d444b525960676e",
    "000102030405060708090a0b0c0d0e0f",
    "78efcc8d4cb4334eee34c5dd9cf6832cf8830dd17f7174df",
  ],
  [
    32,
    "060d141b222930373e454c535a61686f767d848b9299a0a7aeb5bcc3cad1d8df",
    "21282f363d444b525960676e757c838a91989fa6adb4bbc2c9d0d7dee5ecf3fa",
    "4b6a5b2d7a89235ee970107cc2f52a3536e0acc4fc4fc1142743849ff9385418703b843fd2317dde",
  ],
])("a key of %i bytes is wrapped as the peer does", (_length, kek, key, wrapped) => {
  expect(asHex(nodeCiphers.wrapKey(hex(kek), hex(key)))).toBe(wrapped);
  expect(asHex(nodeCiphers.unwrapKey(hex(kek), hex(wrapped)) ?? hex(""))).toBe(key);
});

test.each([
  [
    "one-pass",
    "encrypted",
    "dd080102030405060708084d4d4d0000000001084d4d4d0000bc614e000001020101818088e6a81b1386cca4847c82da" +
      "798cd2363994fabecf7fe5648235cae4fe301d8e758178f350ed4c28e21d249c477deee768e88a417eeb91e12ace8836" +
      "b63a3b849f41ca23dbf87a271c2a0d44711bc1396c93e11bcafd3d87db982fe2bdf147c79bf49c1bd97dffda84f38032" +
      "5ddfeb334713864923d54f63fb9230f11b515bff1221000000009b1cff98dfc3b12b3dcf3432ce",
  ],
  [
    "one-pass",
    "encrypted and authenticated",
    "dd080102030405060708084d4d4d0000000001084d4d4d0000bc614e0000010201018180f11875ddaa5644770412681f" +
      "46bd0c9a929ddc43810f200a4c37e14c3a4fba86d51759282061fc7fe61a9fe17ba15225de3f92f2ac3f1993bb03589d" +
      "4888d55bef10612222916b52241d5f4f0f99cccc941b9929e44602b9401ff602244944d8675ec4bbc8db94a1ce0d81f1" +
      "62c3f1ea21a2235448e6e110b1522d165364e51b1e310000000034ec6765e56359bcbaa56aa0f569a30d26cd8c58e428" +
      "a4cedc",
  ],
  [
    "static-unified",
    "encrypted",
    "dd080102030405060708084d4d4d0000000001084d4d4d0000bc614e000001020102001221000000003713cc8d28b9e0" +
      "4eb949a06360",
  ],
  [
    "static-unified",
    "encrypted and authenticated",
    "dd080102030405060708084d4d4d0000000001084d4d4d0000bc614e000001020102001e31000000003713cc8d28b9e0" +
      "4eb949a06360ef6a6fc407012d14352824b6",
  ],
] as const)("suite 1: a message under a key agreed by %s, %s, opens", (scheme, _protection, text) => {
  const message = decodeApdu(hex(text)) as GeneralCiphering;
  const { keyInfo, header } = message;
  const keyData = keyInfo?.kind === "agreed" ? keyInfo.data : hex("");
  const signer = { curve: "P-256", publicKey: clientKey } as const;
  const peer = scheme === "one-pass" ? openEphemeralKey(keyData, signer, nodeCiphers) : clientKey;
  const key = deriveAgreedKey({ suite: 1, scheme, privateKey: meter, publicKey: peer!, header }, nodeCiphers);
  const { authentication } = keysOf(1);
  const opened = openGeneral(
    message,
    { key, authenticationKey: authentication, headerAuthenticated: false },
    nodeCiphers,
  );
  expect(opened.ok && asHex(opened.apdu)).toBe(plain);
  if (scheme === "one-pass") {
    const changed = Uint8Array.from(keyData, (byte, at) => (at === 70 ? byte ^ 1 : byte));
    expect(openEphemeralKey(changed, signer, nodeCiphers)).toBeUndefined();
  }
});

test("an ephemeral key is signed with its id, and opens only for its signer", () => {
  const publicKey = publicKeyOf("P-256", counting(9, 32));
  const data = ephemeralKeyData(publicKey, { curve: "P-256", privateKey: client }, nodeCiphers);
  const open = (by: Uint8Array) => openEphemeralKey(data, { curve: "P-256", publicKey: by }, nodeCiphers);
  expect(open(clientKey)).toEqual(publicKey);
  expect(open(publicKeyOf("P-256", meter))).toBeUndefined();
  expect(
    openEphemeralKey(data.subarray(1), { curve: "P-256", publicKey: clientKey }, nodeCiphers),
  ).toBeUndefined();
});

test("suite 1: a message that the peer signed and ciphered is good, and opens", () => {
  const message = decodeApdu(
    hex(
      "df080102030405060708084d4d4d0000000001084d4d4d0000bc614e000020c81e31000000071cf17929507abd8db277" +
        "bece6a620291bd26deece9f843ee5240f2948b09518c740d0d1a18da8536f2da4f862da6d1b565b6d0ed79142a739aea" +
        "18fbe38ff053c24a2ea640ee6a3b6a12490e11c0d8811bc56ac7b7176ace3082",
    ),
  ) as GeneralSigning;
  expect(verifyGeneral(message, { curve: "P-256", publicKey: clientKey }, nodeCiphers)).toBe(true);
  const opened = openCiphered(
    decodeApdu(message.content) as Ciphered,
    { ...keysOf(1), systemTitle: titles.client },
    nodeCiphers,
  );
  expect(opened.ok && asHex(opened.apdu)).toBe(plain);
});

test.each([
  [
    "P-256",
    client,
    "434914228443a1ee690569ec69ada4f58b7f6f49ae90d331c66eb2007e028209a9762a8f32be2b665e150ca5804bc5c1" +
      "33736f7c590838302e346be5addb7717",
  ],
  [
    "P-384",
    client384,
    "215e631d925fcadc1a00ab9dd6f7ae650fa33240b055577d49cdcc528575c44eff5a7de686a051b71b1b426860b146dc" +
      "a281ed3ea4b31ff0b4d6eab9b1a286c5349b9d181feab27d091a26ff144830299d396e001b2d4ddb9f1ee65933a35cb7",
  ],
] as const)("the signature that the peer made on %s is good", (curve, privateKey, signature) => {
  const signed = hex("3132333435363738");
  const publicKey = publicKeyOf(curve, privateKey);
  expect(nodeCiphers.verify(curve, publicKey, signed, hex(signature))).toBe(true);
  expect(nodeCiphers.verify(curve, publicKey, signed.subarray(1), hex(signature))).toBe(false);
});
