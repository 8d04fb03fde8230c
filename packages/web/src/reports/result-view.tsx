import { Link } from "@tanstack/react-router";
import type { ReportDefinition, ReportResult } from "../api/client.ts";
import { qualityOf, qualityShapes } from "../parts/curve.ts";
import { EmptyNotice } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { ResultChart } from "./result-chart.tsx";

type Column = ReportResult["columns"][number];
/** Rows of the table; the chart has up to 3,000, the file all of them. */
const shownMax = 200;
const partial = 0x40;

/** A result as chart and table, with its coverage, gaps and quality. */
export function ResultView(props: {
  readonly result: ReportResult;
  readonly name: string;
  readonly chart: ReportDefinition["chart"];
}) {
  const { t, f, zone } = useLocale();
  const { result, name, chart } = props;
  const { coverage, rows, columns, divisionsByZero } = result;
  const left = result.more + Math.max(0, rows.length - shownMax);
  const named = rows.some((row) => row.name !== "" || row.key === "s");
  const label = (row: ReportResult["rows"][number]): string => {
    if (named) return row.name || t("an.system");
    if (row.key === "") return t("rp.total");
    if (row.key.length === 10) return f.day(row.key);
    if (row.key.length === 7) return f.month(Date.parse(`${row.key}-15T12:00:00Z`));
    const start = Date.parse(row.key);
    return typeof result.step === "number" && result.step < 86_400
      ? f.interval(start, result.step)
      : f.instant(start);
  };
  if (rows.length === 0 && !result.total)
    return <EmptyNotice title={t("rp.empty")}>{t("rp.empty-do")}</EmptyNotice>;
  return (
    <div className="e-stack">
      <p className="e-small">
        {coverage.present < coverage.expected ? "▲ " : ""}
        {t("rp.coverage-line", {
          days: f.days(result.from, result.to),
          present: f.number(coverage.present),
          expected: coverage.expected,
          estimated: f.number(coverage.estimated),
          duration: `${f.number(result.durationMs)} ms`,
          zone,
        })}
        {divisionsByZero > 0 ? ` ${t("rp.zero-divisions", { count: divisionsByZero })}` : ""}
      </p>
      {chart === "none" || rows.length < 2 ? null : (
        <ResultChart
          label={t("rp.chart-of", { name })}
          kind={chart}
          columns={columns}
          rows={rows.map((row) => ({ label: label(row), cells: row.cells }))}
        />
      )}
      <Scrolled label={name}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t(named ? "rp.subject" : "rp.interval")}</th>
              {columns.map((column, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one title.
                <th key={nth} scope="col" className="e-end">
                  {column.title}
                  {column.unit ? ` [${column.unit}]` : ""}
                </th>
              ))}
              <th scope="col" className="e-end">
                {t("rp.coverage")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shownMax).map((row) => (
              <tr key={row.key}>
                <th scope="row" className="e-nowrap">
                  {/^p\d/.test(row.key) ? (
                    <Link to="/points/$pointId" params={{ pointId: Number(row.key.slice(1)) }} search={{}}>
                      {label(row)}
                    </Link>
                  ) : (
                    label(row)
                  )}
                  {row.detail ? <div className="e-small e-muted">{row.detail}</div> : null}
                </th>
                {row.cells.map((cell, nth) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are known by their column.
                  <td key={nth} className="e-num e-end">
                    <Cell cell={cell} flags={row.flags[nth]!} column={columns[nth]!} />
                  </td>
                ))}
                <td className="e-num e-end">{covered(row.coverage, f)}</td>
              </tr>
            ))}
          </tbody>
          {result.total ? (
            <tfoot>
              <tr>
                <th scope="row">{t("rp.total")}</th>
                {result.total.map((cell, nth) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are known by their column.
                  <td key={nth} className="e-num e-end">
                    <Cell cell={cell} flags={0} column={columns[nth]!} />
                  </td>
                ))}
                <td className="e-num e-end">{covered(coverage, f)}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      </Scrolled>
      {left > 0 ? <p className="e-small e-muted">{t("rp.more", { count: left })}</p> : null}
    </div>
  );
}

/** Rounded down: what is not whole is never called whole. */
function covered(
  { present, expected }: ReportResult["coverage"],
  f: ReturnType<typeof useLocale>["f"],
): string {
  if (expected === 0) return "–";
  return `${present < expected ? "▲ " : ""}${f.number(Math.floor((present / expected) * 1_000) / 10, 1)} %`;
}

function Cell(props: { readonly cell: string | null; readonly flags: number; readonly column: Column }) {
  const { t, f } = useLocale();
  const { cell, flags, column } = props;
  if (cell === null) return "–";
  if (column.of === "logical") return t(cell === "true" ? "rp.yes" : "rp.no");
  if (column.of === "instant") return f.instant(Date.parse(cell));
  const quality = qualityOf(flags & ~partial);
  const shape = (flags & partial) !== 0 ? "▲ " : quality === "measured" ? "" : `${qualityShapes[quality]} `;
  return `${shape}${f.decimal(cell)}`;
}
