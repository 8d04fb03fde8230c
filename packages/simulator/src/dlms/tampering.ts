import { cipheredTags, encodeApdu, type Served } from "@energsys/protocols/dlms";
import { type Fault, strikes } from "../faults.ts";

/** What a faulty meter does to its answers, below the line's own faults. */
export interface Tampering {
  /** To an answer before it is ciphered. */
  plain(answer: Served): Served;
  /** To an answer as it leaves. */
  sealed(answer: Uint8Array): Uint8Array;
  /** Whether the meter begins its counters anew with an association. */
  readonly forgetsCounter: boolean;
}

const isCiphered = (answer: Uint8Array) => (answer[0] as number) in cipheredTags;

/** The faults of one connection that are made here; `undefined` for those of the line. */
export function tamperingOf(fault: Fault | undefined): Tampering | undefined {
  const same = { plain: (answer: Served) => answer, sealed: (answer: Uint8Array) => answer };
  if (!fault) return undefined;
  const strike = strikes(fault);
  switch (fault.kind) {
    case "counter-behind":
      return { ...same, forgetsCounter: true };
    case "replays": {
      let before: Uint8Array | undefined;
      const sealed = (answer: Uint8Array) => {
        const struck = strike();
        if (!isCiphered(answer)) return answer;
        const sent = (struck && before) || answer;
        before = answer;
        return sent;
      };
      return { ...same, sealed, forgetsCounter: false };
    }
    case "wrong-tag": {
      const sealed = (answer: Uint8Array) => {
        if (!strike() || !isCiphered(answer)) return answer;
        const wrong = answer.slice();
        wrong[wrong.length - 1] = (wrong.at(-1) as number) ^ 0x01;
        return wrong;
      };
      return { ...same, sealed, forgetsCounter: false };
    }
    case "truncated-block": {
      const plain = (answer: Served) => {
        const isBlock =
          answer && !(answer instanceof Uint8Array) && answer.kind === "get-response-with-block";
        if (!isBlock || !strike()) return answer;
        const bytes = encodeApdu(answer);
        return bytes.subarray(0, bytes.length - (answer.raw.length >> 1));
      };
      return { ...same, plain, forgetsCounter: false };
    }
    default:
      return undefined;
  }
}
