import { useMemo, useState } from "react";
import { Problem } from "../api/problem.ts";
import { useLocale } from "../text/provider.tsx";
import { startOfDay } from "../time/zone.ts";
import { type Curve, statisticsOf } from "./curve.ts";
import { CurveFigure } from "./curve-figure.tsx";
import { DataTable, type TableColumn } from "./data-table.tsx";
import { daysOf } from "./heat-geometry.ts";
import { HeatMap } from "./heat-map.tsx";
import { IntervalTable } from "./interval-table.tsx";
import { AttemptMark, PointMark } from "./marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "./notices.tsx";
import { type RowSource, useLocalRows } from "./row-source.ts";
import { TimeChart } from "./time-chart.tsx";

const step = 900_000;

/** A made-up curve whose every kind of interval is known: for looking at the wrappers, never for figures. */
function sampleCurve(
  zone: string,
  from: string,
  to: string,
  fill: (index: number) => number,
  flag?: (index: number) => number,
): Curve {
  const startMs = startOfDay(from, zone);
  const count = (startOfDay(to, zone) - startMs) / step;
  return {
    startMs,
    stepMs: step,
    values: Float64Array.from({ length: count }, (_, index) => fill(index)),
    flags: Uint16Array.from({ length: count }, (_, index) => flag?.(index) ?? 0),
    days: daysOf(startMs, count, step, zone),
    due: count,
    unit: "Wh",
    zone,
  };
}

const wave = (index: number) => Math.round(240 + 180 * Math.sin(index / 9) + 60 * Math.sin(index / 3.1));

interface Numbered {
  readonly number: number;
}
const numbers = Array.from({ length: 100_000 }, (_, number): Numbered => ({ number }));

function emptySource(change: Partial<RowSource<Numbered>>): RowSource<Numbered> {
  return {
    key: "none",
    total: 0,
    isPending: false,
    isFormer: false,
    error: null,
    row: () => undefined,
    want: () => {},
    load: async () => [],
    retry: () => {},
    ...change,
  };
}

/** Every wrapper in all its states: the page for whoever changes one, and for the tests. */
export function PartsPage() {
  const { t, f, zone } = useLocale();
  const curves = useMemo(
    () => ({
      qualities: sampleCurve(
        zone,
        "2026-11-02",
        "2026-11-04",
        (index) => (index >= 60 && index < 84 ? Number.NaN : wave(index)),
        (index) => (index >= 100 && index < 124 ? 0x0800 : index === 140 ? 0x0100 : 0),
      ),
      spring: sampleCurve(zone, "2026-03-28", "2026-03-31", wave),
      autumn: sampleCurve(zone, "2026-10-24", "2026-10-27", wave),
      year: sampleCurve(zone, "2026-01-01", "2027-01-01", (index) =>
        index % 4_000 < 30 ? Number.NaN : wave(index),
      ),
      zero: sampleCurve(zone, "2026-11-02", "2026-11-03", () => 0),
      nothing: sampleCurve(zone, "2026-11-02", "2026-11-03", () => Number.NaN),
    }),
    [zone],
  );
  const columns: readonly TableColumn<Numbered>[] = [
    { id: "number", header: "№", width: 100, sortable: true, text: (row) => f.number(row.number) },
    { id: "square", header: "№²", width: 160, grow: 1, end: true, text: (row) => f.number(row.number ** 2) },
    ...Array.from({ length: 6 }, (_, index) => ({
      id: `more${index}`,
      header: `№ + ${index}`,
      width: 140,
      end: true,
      text: (row: Numbered) => f.number(row.number + index),
    })),
  ];
  const many = useLocalRows(numbers);
  const [opened, setOpened] = useState("");
  return (
    <main className="e-main e-stack">
      <h1>Parts</h1>
      {Object.entries(curves).map(([name, curve]) => {
        const statistics = statisticsOf(curve);
        const period = f.days(curve.days[0]!.day, curve.days.at(-1)!.day);
        return (
          <section key={name} className="e-stack" data-part={name}>
            <CurveFigure
              title={`TimeChart: ${name}`}
              series={name}
              period={period}
              curve={curve}
              statistics={statistics}
            >
              <TimeChart curve={curve} series={name} height={200} />
            </CurveFigure>
            <CurveFigure
              title={`HeatMap: ${name}`}
              series={name}
              period={period}
              curve={curve}
              statistics={statistics}
            >
              <HeatMap curve={curve} series={name} height={160} />
            </CurveFigure>
          </section>
        );
      })}
      <section data-part="intervals">
        <IntervalTable curve={curves.autumn} />
      </section>
      <section data-part="table">
        <p role="status">{opened}</p>
        <DataTable
          name="parts"
          label="100,000"
          columns={columns}
          rows={many}
          selectable
          onOpen={(row) => setOpened(`№ ${row.number}`)}
          empty={null}
        />
      </section>
      <section data-part="table-pending">
        <DataTable
          name="parts-pending"
          label="pending"
          columns={columns}
          rows={emptySource({ isPending: true })}
          empty={null}
        />
      </section>
      <section data-part="table-empty">
        <DataTable
          name="parts-empty"
          label="empty"
          columns={columns}
          rows={emptySource({})}
          empty={<EmptyNotice title={t("points.none-yet")}>{t("points.none-yet-do")}</EmptyNotice>}
        />
      </section>
      <section data-part="table-error">
        <DataTable
          name="parts-error"
          label="error"
          columns={columns}
          rows={emptySource({ error: new Problem("database.away", 503, "", {}, "req-12") })}
          empty={null}
        />
      </section>
      <section data-part="notices" className="e-stack">
        <ProblemNotice error={new Problem("link.timeout", 0, "")} onRetry={() => {}} />
        <ProblemNotice error={new Problem("unheard.of", 418, "")} />
        <Waiting />
      </section>
      <section data-part="marks" className="e-row">
        {(["talking", "silent", "never", "none"] as const).map((state) => (
          <PointMark key={state} state={state} />
        ))}
        {(["queued", "connecting", "reading", "storing", "done", "failed", "cancelled"] as const).map(
          (state) => (
            <AttemptMark key={state} state={state} />
          ),
        )}
      </section>
    </main>
  );
}
