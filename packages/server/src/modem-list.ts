import type { ImportedModem } from "@energsys/store";
import type { ListFault } from "./meter-list.ts";
import { readTable } from "./points-imports/table-file.ts";

/** Columns of a list of modems and cards, by every name that a head line may give them (lower case, without blanks). */
const columns = {
  modem: ["modem", "serial", "serie"],
  imei: ["imei"],
  type: ["type", "tip"],
  gateway: ["concentrator"],
  meter: ["meter", "contor"],
  iccid: ["iccid", "sim"],
  operator: ["operator"],
  apn: ["apn"],
  dataPlan: ["data_plan", "abonament"],
  msisdn: ["msisdn", "telefon"],
  pin: ["pin"],
} as const;
type Column = keyof typeof columns;

/**
 * Reads a list of modems and SIM cards: on a line a modem, a card, or a modem with the card in it, and the concentrator or meter that it
 * serves. What is wrong is told line by line; lines that are right are given all the same.
 * @throws JobError `points-import.file-unreadable`, `points-import.file-empty`, `points-import.file-too-large`
 */
export function readModemList(text: string): { rows: ImportedModem[]; faults: ListFault[] } {
  const { header, rows: lines } = readTable(text);
  const heads = header.map((head) => head.trim().toLowerCase().replaceAll(" ", "_"));
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, names]) => [
      column,
      heads.findIndex((head) => (names as readonly string[]).includes(head)),
    ]),
  ) as Record<Column, number>;
  if (at.modem < 0 && at.iccid < 0) return { rows: [], faults: [{ line: 1, code: "column-missing:modem" }] };

  const rows: ImportedModem[] = [];
  const faults: ListFault[] = [];
  lines.forEach((cells, nth) => {
    const line = nth + 2;
    const of = (column: Column): string => (at[column] < 0 ? "" : (cells[at[column]] ?? "").trim());
    const wrong: string[] = [];
    const check = (good: boolean, code: string) => {
      if (!good) wrong.push(code);
    };
    const hasModem = of("modem") !== "";
    const hasSim = of("iccid") !== "";
    check(hasModem || hasSim, "modem");
    check(of("modem").length <= 60, "modem");
    if (hasModem) {
      check(/^(\d{15})?$/.test(of("imei")), "imei");
      check(of("type") !== "" && of("type").length <= 120, "type");
      check(of("gateway") === "" || of("meter") === "", "meter");
    }
    if (hasSim) {
      check(/^\d{18,20}$/.test(of("iccid")), "iccid");
      check(of("operator") !== "" && of("operator").length <= 60, "operator");
      check(of("apn").length <= 100, "apn");
      check(of("dataPlan").length <= 100, "data_plan");
      check(/^(\+?\d{4,15})?$/.test(of("msisdn")), "msisdn");
      check(/^(\d{4,8})?$/.test(of("pin")), "pin");
    }
    faults.push(...wrong.map((column) => ({ line, code: `cell-wrong:${column}` })));
    if (wrong.length > 0) return;
    rows.push({
      line,
      modem: hasModem ? { serial: of("modem"), imei: of("imei") || null, type: of("type"), note: "" } : null,
      gateway: hasModem ? of("gateway") || null : null,
      meter: hasModem ? of("meter") || null : null,
      sim: hasSim
        ? {
            iccid: of("iccid"),
            operator: of("operator"),
            apn: of("apn"),
            dataPlan: of("dataPlan"),
            msisdn: of("msisdn"),
            ...(of("pin") === "" ? {} : { pin: of("pin") }),
          }
        : null,
    });
  });
  return { rows, faults };
}
