const energies: Readonly<Record<string, string>> = {
  "1": "A+",
  "2": "A−",
  "3": "R+",
  "4": "R−",
  "5": "RI",
  "6": "RII",
  "7": "RIII",
  "8": "RIV",
  "9": "S+",
  "10": "S−",
};
const powers: Readonly<Record<string, string>> = {
  "1": "P+",
  "2": "P−",
  "3": "Q+",
  "4": "Q−",
  "9": "S+",
  "10": "S−",
  "16": "P",
};

/**
 * The symbol that people of the field use for an electricity register: `1-0:1.8.2*255` → "A+ T2", `1-0:32.7.0*255` →
 * "U L1". Any other code stays what it is.
 */
export function obisSymbol(obis: string): string {
  const match = /^1-\d+:(\d+)\.(\d+)\.(\d+)(?:\*(\d+))?$/.exec(obis);
  if (!match) return obis;
  const [, c = "", d = "", e = ""] = match;
  const tariff = e === "0" ? "" : ` T${e}`;
  const energy = energies[c];
  if (energy && (d === "8" || d === "29" || d === "9")) return `${energy}${tariff}`;
  const power = powers[c];
  if (power && d === "7") return power;
  if (power && d === "6") return `${power} max${tariff}`;
  if (power && (d === "4" || d === "5" || d === "25")) return `${power} ⌀`;
  if (d === "7") {
    if (c === "13") return "PF";
    if (c === "14") return "f";
    const number = Number(c);
    const phase = Math.floor(number / 20);
    const quantity = ({ 11: "I", 12: "U", 13: "PF" } as Record<number, string>)[number % 20];
    if (quantity && phase >= 1 && phase <= 3) return `${quantity} L${phase}`;
    if (c === "11") return "I";
    if (c === "12") return "U";
  }
  return obis;
}

/** A unit as it is written beside a value: a plain number has none. */
export function unitText(unit: string): string {
  return unit === "1" || unit === "" ? "" : unit;
}

/** The value as the meter gave it, where it is shown in another unit. */
export function rawRegister(value: string, unit: string): string {
  return `${value} ${unitText(unit)}`.trim();
}

export interface ShownRegister {
  readonly value: string;
  readonly unit: string;
}

/** A register as bills know it: energies in thousands, the point moved in the text itself, so that no digit is lost. */
export function shownRegister(value: string, unit: string): ShownRegister {
  if (!["Wh", "varh", "VAh"].includes(unit)) return { value, unit: unitText(unit) };
  const [, sign = "", whole = "0", part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  const padded = whole.padStart(4, "0");
  return { value: `${sign}${padded.slice(0, -3)}.${padded.slice(-3)}${part}`, unit: `k${unit}` };
}
