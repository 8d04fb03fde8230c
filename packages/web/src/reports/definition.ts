import type { ReportDefinition } from "../api/client.ts";

/** What a report begins with: last month's energy of the whole system by day. */
export const firstDefinition = (of: string): ReportDefinition => ({
  rows: "day",
  inputs: [{ name: "A+", of, energy: "A+" }],
  columns: [{ title: "A+", formula: "sum([A+])" }],
  period: { kind: "last-month" },
  chart: "bar",
});

/** A name that no other input has. */
export function freeName(wanted: string, { inputs }: ReportDefinition): string {
  const taken = new Set(inputs.map(({ name }) => name));
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? wanted : `${wanted} ${nth}`;
    if (!taken.has(name)) return name;
  }
}

/** Formulas with an input under another name: brackets keep what stands in them apart from the rest. */
export const renamed = (formula: string, from: string, to: string): string =>
  formula.replaceAll(`[${from}]`, `[${to}]`);
