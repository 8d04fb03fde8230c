import { explain } from "@energsys/protocols/decode";
import { expect, test } from "vitest";

// One bare APDU of each service, in the words that `decode` prints.
test.each([
  ["C1 01 C1 0008 0000010000FF 03 00 10 FF88", "SET request: clock 0-0:1.0.0*255 time_zone = int16 -120"],
  ["C1 03 C1 01 00000002 02 E901", "SET request: block 2, the last, 2 bytes"],
  ["C5 04 C1 02 00 03 00000003", "SET response: success; read-write-denied"],
  [
    "C3 01 C1 0046 000060030AFF 01 01 0F 00",
    "ACTION request: disconnect-control 0-0:96.3.10*255 remote_disconnect",
  ],
  ["C7 03 C1 02 00 00 03 00", "ACTION response: success; read-write-denied"],
  ["D9 40000007 00 01 01 0008 0000010000FF 02 01 00", "ACCESS request: get clock 0-0:1.0.0*255 time"],
  ["DA 40000007 00 00 01 11 05 01 01 00", "ACCESS response: get success, uint8 5"],
  ["06 01 02 1008 01 11 05", "WRITE request: name 1008 = uint8 5"],
  ["0D 02 00 01 03", "WRITE response: success; read-write-denied"],
  ["18 00 01 02 1008 01 11 05", "information report: name 1008 = uint8 5"],
  [
    "E6 00 02 0017 C3 02 C1 00000001",
    "gateway request: network 0, meter 0017: ACTION request: block 1 taken, the next one",
  ],
])("%s is told as: %s", (text, words) => {
  const { telegrams } = explain(new TextEncoder().encode(text));
  expect((telegrams[0] as { explains?: string }).explains).toBe(words);
});
