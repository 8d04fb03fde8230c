import { DecodeError } from "../errors.ts";
import type { ExplainOptions, Explanation, Recogniser, SessionRecogniser } from "./explanation.ts";
import { materialOf } from "./material.ts";
import { recognisers, sessionRecognisers } from "./recognisers.ts";
import { warn } from "./warning.ts";

type Kind<Of> = {
  readonly name: string;
  recognise(of: Of, options: ExplainOptions): Explanation | undefined;
};

/** The first explanation; a decoder that gives up with a `DecodeError` leaves its reason as a warning. */
function firstOf<Of>(kinds: readonly Kind<Of>[], of: Of, options: ExplainOptions): Explanation {
  const warnings: string[] = [];
  for (const kind of kinds) {
    try {
      const explanation = kind.recognise(of, options);
      if (explanation) return explanation;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      warnings.push(warn(error.code, error.offset, kind.name));
    }
  }
  if (warnings.length === 0) warnings.push(warn("decode.unrecognised", 0));
  return { telegrams: [], warnings };
}

/**
 * Explains any telegram, frame dump or recorded exchange: raw bytes, hex text, or a session file. The form and the
 * protocol are recognised by themselves. Bytes that are nothing known give a warning, never an error.
 */
export function explain(input: Uint8Array, options: ExplainOptions = {}): Explanation {
  const material = materialOf(input);
  return material.form === "session"
    ? firstOf<Parameters<SessionRecogniser["recognise"]>[0]>(sessionRecognisers, material.steps, options)
    : firstOf<Parameters<Recogniser["recognise"]>[0]>(recognisers, material.bytes, options);
}
