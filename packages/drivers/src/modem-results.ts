/** What a modem says at the end of a command (ITU-T V.250, 5.7.1; GSM 07.07 for `+CME ERROR`). */
export type ModemResult =
  | { readonly kind: "ok" }
  /** The line is through; its rate where the modem tells it. */
  | { readonly kind: "connect"; readonly baudRate?: number }
  /** Any other: the code of the failure, and the line as it came. */
  | { readonly kind: "failed"; readonly code: ModemFailure; readonly text: string };

export type ModemFailure =
  | "modem.no-carrier"
  | "modem.busy"
  | "modem.no-answer"
  | "modem.no-dialtone"
  | "modem.delayed"
  | "modem.network"
  | "modem.refused";

const failures: readonly (readonly [RegExp, ModemFailure])[] = [
  [/^NO CARRIER$/, "modem.no-carrier"],
  [/^BUSY$/, "modem.busy"],
  [/^NO ANSWER$/, "modem.no-answer"],
  [/^NO ?DIAL ?TONE$/, "modem.no-dialtone"],
  // A modem that was refused too often on this number makes its owner wait.
  [/^(DELAYED|BLACKLISTED)\b/, "modem.delayed"],
  [/^\+CM[ES] ERROR\b/, "modem.network"],
  [/^ERROR$/, "modem.refused"],
];

/** The result in a line; `undefined` for an echo, a RING, or information. */
export function resultOf(line: string): ModemResult | undefined {
  const text = line.trim().toUpperCase();
  if (text === "OK") return { kind: "ok" };
  const connected = /^CONNECT\b(?: (\d+))?/.exec(text);
  if (connected) {
    const [, rate] = connected;
    return { kind: "connect", ...(rate !== undefined && { baudRate: Number(rate) }) };
  }
  const failure = failures.find(([pattern]) => pattern.test(text));
  return failure && { kind: "failed", code: failure[1], text: line.trim() };
}
