import type { Language } from "@energsys/store";
import type { ReportTable } from "../analysis/table.ts";
import { type CsvCell, dayCell, decimal, whole } from "../csv.ts";
import type { LossFiguresAnswer, LossReportAnswer } from "../schemas/losses.ts";
import { word } from "../words.ts";

interface Head {
  readonly from: string;
  readonly to: string;
  readonly beforeFrom?: string;
  readonly beforeTo?: string;
  readonly zone: string;
  readonly language: Language;
}

const lastDay = (to: string): string => Temporal.PlainDate.from(to).subtract({ days: 1 }).toString();

const factsOf = ({ from, to, beforeFrom, beforeTo, zone, language }: Head): [string, ...string[]][] => [
  [word("period", language), from, lastDay(to)],
  ...(beforeFrom && beforeTo
    ? [[word("before", language), beforeFrom, lastDay(beforeTo)] as [string, ...string[]]]
    : []),
  [word("zone", language), zone],
  [word("lossNote", language)],
];

const text = (value: string | null | undefined): CsvCell =>
  value === null || value === undefined ? null : decimal(value);
const number = (value: number | null | undefined): CsvCell =>
  value === null || value === undefined ? null : decimal(String(value));

const figureHeads = [
  "lossIn",
  "lossCounted",
  "loss",
  "lossPercent",
  "lossTechnical",
  "lossMissing",
  "lossUnexplained",
  "lossUncertainty",
  "lossCoverageIn",
  "lossCoverageOut",
  "lossAligned",
] as const;

/** One line of figures; of each side how much of what should be there is good. */
function figureCells(figures: LossFiguresAnswer | null): CsvCell[] {
  const share = ({ good, expected }: LossFiguresAnswer["balance"]) =>
    expected === 0 ? null : number(Number(((100 * good) / expected).toFixed(2)));
  return [
    text(figures?.input),
    text(figures?.counted),
    text(figures?.loss),
    number(figures?.percent),
    number(figures?.technicalWh),
    number(figures?.missingWh),
    number(figures?.unexplainedWh),
    number(figures?.uncertaintyWh),
    figures && share(figures.balance),
    figures && share(figures.members),
    figures && whole(figures.alignedSlots),
  ];
}

/** The tree of the network, each group with its own loss and that of all below it. */
export function lossesTable({ rows }: Pick<LossReportAnswer, "rows">, head: Head): ReportTable {
  const { language } = head;
  const compared = head.beforeFrom !== undefined;
  return {
    name: `balance-${head.from}-${head.to}`,
    title: word("balanceReport", language),
    facts: factsOf(head),
    columns: [
      word("group", language),
      word("kind", language),
      word("lossLevel", language),
      word("lossOf", language),
      ...figureHeads.map((key) => word(key, language)),
      ...(compared ? [word("lossPercentBefore", language), word("lossSaved", language)] : []),
    ],
    rows: rows.flatMap((row) => {
      const names = (of: "lossOwn" | "lossAll"): CsvCell[] => [
        row.name,
        word(`kind_${row.kind}`, language),
        whole(row.depth),
        word(of, language),
      ];
      const before: CsvCell[] = compared ? [number(row.before?.percent), number(row.before?.savedWh)] : [];
      const own: CsvCell[] = [
        ...names("lossOwn"),
        ...figureCells(row.own),
        ...(compared && row.below > 0 ? [null, null] : before),
      ];
      return row.below === 0 ? [own] : [own, [...names("lossAll"), ...figureCells(row.all), ...before]];
    }),
  };
}

export function groupLossesTable(
  name: string,
  days: readonly { readonly day: string; readonly figures: LossFiguresAnswer }[],
  head: Head,
): ReportTable {
  const { language } = head;
  return {
    name: `balance-days-${head.from}-${head.to}`,
    title: `${word("balanceReport", language)}: ${name}`,
    facts: [[word("group", language), name], ...factsOf(head)],
    columns: [word("day", language), ...figureHeads.map((key) => word(key, language))],
    rows: days.map(({ day, figures }) => [dayCell(day), ...figureCells(figures)]),
  };
}

interface CaseLine {
  readonly caseId: number;
  readonly group: string;
  readonly pod: string | null;
  readonly name: string | null;
  readonly state: "open" | "in-field" | "closed";
  readonly outcome: "theft" | "fault" | "wrong-data" | "nothing-found" | null;
  readonly assignee: string | null;
  readonly recoveredWh: number | null;
  readonly openedAt: string;
  readonly openedBy: string;
  readonly changedAt: string;
}

export function casesTable(
  rows: readonly CaseLine[],
  { zone, language }: { readonly zone: string; readonly language: Language },
): ReportTable {
  const heads = [
    "caseNumber",
    "group",
    "pod",
    "name",
    "state",
    "caseOutcome",
    "caseAssignee",
    "caseRecovered",
    "caseOpened",
    "caseOpenedBy",
    "caseChanged",
  ] as const;
  return {
    name: "loss-cases",
    title: word("caseList", language),
    facts: [[word("zone", language), zone]],
    columns: heads.map((key) => word(key, language)),
    rows: rows.map((row) => [
      whole(row.caseId),
      row.group,
      row.pod,
      row.name,
      word(`case_${row.state}`, language),
      row.outcome && word(`case_${row.outcome}`, language),
      row.assignee,
      row.recoveredWh === null ? null : whole(row.recoveredWh),
      row.openedAt,
      row.openedBy,
      row.changedAt,
    ]),
  };
}
