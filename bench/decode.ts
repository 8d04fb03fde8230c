import type { Bench } from "./bench.ts";
import { measureCiphered } from "./decode-ciphered.ts";
import { measureHdlc } from "./decode-hdlc.ts";
import { measureProfile } from "./decode-profile.ts";
import { measureReadouts } from "./decode-readouts.ts";

export const bench: Bench = {
  name: "decode",
  about:
    "decoders: readouts beside smartmeter-obis 4, a DLMS load profile beside a peer (--peer), ciphered answers beside AES-GCM, HDLC beside its FCS",
  async run(context) {
    return {
      metrics: [
        ...measureReadouts(context),
        ...(await measureProfile(context)),
        ...(await measureCiphered(context)),
        ...measureHdlc(context),
      ],
    };
  },
};
