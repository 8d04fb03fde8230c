import type { Attempt } from "../api/client.ts";
import { type PhaseName, phaseReached } from "../parts/stages.ts";
import { catalogue, type MessageKey } from "./catalogue.ts";

export interface ProblemWords {
  readonly what: MessageKey;
  readonly todo: MessageKey;
}

const answerFamilies = [
  "dlms",
  "cosem",
  "hdlc",
  "wrapper",
  "iec",
  "p1",
  "decode",
  "model",
  "driver",
  "read",
  "association",
];

/** Plain words for an error code; a code without its own words is told by its family. */
export function problemWords(code: string): ProblemWords {
  const own = `problem.${code}`;
  if (own in catalogue) return { what: own as MessageKey, todo: `${own}.do` as MessageKey };
  const family = code.split(".", 1)[0]!;
  const told =
    family === "link" || family === "dial"
      ? "link"
      : family === "store"
        ? "store"
        : answerFamilies.includes(family)
          ? "answer"
          : "other";
  return { what: `problem.family.${told}`, todo: `problem.family.${told}.do` };
}

export interface FailureWords extends ProblemWords {
  readonly hop: MessageKey;
}

/** The same for a read that failed: at which hop, and what to look at there. */
export function failureWords(code: string, attempt: Pick<Attempt, "stages" | "startedAt">): FailureWords {
  const hop: PhaseName = phaseReached(attempt);
  const words = problemWords(code);
  const meterSilent = hop === "reading" && (code === "link.timeout" || code === "link.closed");
  return { ...words, hop: `hop.${hop}`, ...(meterSilent ? { todo: "hop.reading.do" as const } : {}) };
}
