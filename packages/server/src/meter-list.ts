import { type ImportedMeter, verificationKinds } from "@energsys/store";
import { readTable } from "./points-imports/table-file.ts";

/** Columns of a list of meters, by every name that a head line may give them (lower case, without blanks). */
const columns = {
  manufacturer: ["manufacturer", "producător", "producator"],
  type: ["type", "tip"],
  serial: ["serial", "serie"],
  year: ["year", "an", "mid"],
  place: ["place", "loc", "magazie"],
  kind: ["kind", "fel"],
  verifiedOn: ["verified_on", "verificat_la"],
  result: ["result", "rezultat"],
  laboratory: ["laboratory", "laborator"],
  document: ["document", "buletin"],
  validUntil: ["valid_until", "valabil_până", "valabil_pana"],
} as const;
type Column = keyof typeof columns;

export interface ListFault {
  readonly line: number;
  readonly code: string;
}

const dayShape = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string): boolean =>
  dayShape.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/**
 * Reads a list of meters: manufacturer, type and serial number, and when they are given the year on the plate, where the meter lies
 * and its verification. What is wrong is told line by line; lines that are right are given all the same.
 * @throws JobError `points-import.file-unreadable`, `points-import.file-empty`, `points-import.file-too-large`
 */
export function readMeterList(text: string): { meters: ImportedMeter[]; faults: ListFault[] } {
  const { header, rows } = readTable(text);
  const heads = header.map((head) => head.trim().toLowerCase().replaceAll(" ", "_"));
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, names]) => [
      column,
      heads.findIndex((head) => (names as readonly string[]).includes(head)),
    ]),
  ) as Record<Column, number>;
  const faults: ListFault[] = [];
  const meters: ImportedMeter[] = [];
  for (const column of ["manufacturer", "type", "serial"] as const) {
    if (at[column] < 0) faults.push({ line: 1, code: `column-missing:${column}` });
  }
  if (faults.length > 0) return { meters, faults };

  rows.forEach((cells, nth) => {
    const line = nth + 2;
    const of = (column: Column): string => cells[at[column]] ?? "";
    const wrong: string[] = [];
    const check = (good: boolean, code: string) => {
      if (!good) wrong.push(code);
    };
    check(of("manufacturer").length > 0 && of("manufacturer").length <= 120, "manufacturer");
    check(of("type").length > 0 && of("type").length <= 120, "type");
    check(of("serial").length > 0 && of("serial").length <= 60, "serial");
    check(of("place").length <= 120, "place");
    const year = of("year") === "" ? null : Number(of("year"));
    check(year === null || (Number.isInteger(year) && year >= 1950 && year <= 2100), "year");
    const verified = (["verifiedOn", "laboratory", "document"] as const).some((column) => of(column) !== "");
    const kind = verificationKinds.find((one) => one === (of("kind") || "first"));
    const passed = !["failed", "respins"].includes(of("result").toLowerCase());
    if (verified) {
      check(isDay(of("verifiedOn")), "verified_on");
      check(of("laboratory") !== "" && of("laboratory").length <= 120, "laboratory");
      check(of("document") !== "" && of("document").length <= 60, "document");
      check(kind !== undefined, "kind");
      check(
        passed ? isDay(of("validUntil")) && of("validUntil") > of("verifiedOn") : of("validUntil") === "",
        "valid_until",
      );
    }
    faults.push(...wrong.map((column) => ({ line, code: `cell-wrong:${column}` })));
    if (wrong.length > 0) return;
    meters.push({
      line,
      manufacturer: of("manufacturer"),
      type: of("type"),
      serial: of("serial"),
      midYear: year,
      place: of("place"),
      verification: verified
        ? {
            verifiedOn: of("verifiedOn"),
            kind: kind!,
            passed,
            laboratory: of("laboratory"),
            document: of("document"),
            validUntil: passed ? of("validUntil") : null,
          }
        : null,
    });
  });
  return { meters, faults };
}
