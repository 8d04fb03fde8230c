/** What a meter says of itself at sign-on (IEC 62056-21, 6.3.2). */
export interface Identification {
  /** The whole line without its end, `/ISK5ME162-0033`. */
  readonly line: string;
  /** Three letters of the FLAG association, as sent: a last letter in lower case means 20 ms reaction time. */
  readonly manufacturer: string;
  /** Announces rate and mode: `5` is 9600 baud in mode C. */
  readonly baudCharacter: string;
  /** Enhanced capabilities, the characters after each backslash: `["2"]` offers the binary mode E. */
  readonly enhanced: readonly string[];
  readonly identification: string;
}

const ratesOfModeC = [300, 600, 1200, 2400, 4800, 9600, 19_200];
const ratesOfModeB = [600, 1200, 2400, 4800, 9600, 19_200];

/** Mode and rate that a baud character announces (6.3.14, table): `A`-`I` mode B, `0`-`9` mode C or E, else A. */
export function rateOf(baudCharacter: string): { mode: "A" | "B" | "C"; baudRate: number | undefined } {
  const code = baudCharacter.charCodeAt(0);
  if (code >= 0x30 && code <= 0x39) return { mode: "C", baudRate: ratesOfModeC[code - 0x30] };
  if (code >= 0x41 && code <= 0x49) return { mode: "B", baudRate: ratesOfModeB[code - 0x41] };
  return { mode: "A", baudRate: 300 };
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Parses an identification line without its line end; `undefined` when it is none (noise, or the echo of a request). */
export function findIdentification(line: string): Identification | undefined {
  if (line.length < 5 || line.charCodeAt(0) !== 0x2f) return undefined;
  for (let at = 1; at < 4; at++) if (!isLetter(line.charCodeAt(at))) return undefined;
  const enhanced: string[] = [];
  let at = 5;
  while (line.charCodeAt(at) === 0x5c && at + 1 < line.length) {
    enhanced.push(line[at + 1]!);
    at += 2;
  }
  return {
    line,
    manufacturer: line.slice(1, 4),
    baudCharacter: line[4]!,
    enhanced,
    identification: line.slice(at),
  };
}

/** An identification's line, `/XXXZ\\Widentification`, without its line end. */
export function formatIdentification(
  parts: Omit<Identification, "line" | "enhanced"> & { enhanced?: readonly string[] },
): string {
  const enhanced = (parts.enhanced ?? []).map((character) => `\\${character}`).join("");
  return `/${parts.manufacturer}${parts.baudCharacter}${enhanced}${parts.identification}`;
}
