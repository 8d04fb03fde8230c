import { useMemo } from "react";
import { useLocale } from "../text/provider.tsx";
import { displayUnit } from "../time/quantity.ts";
import { type Curve, largestIn, qualityAt, qualityShapes } from "./curve.ts";
import { DataTable, type TableColumn } from "./data-table.tsx";
import { EmptyNotice } from "./notices.tsx";
import { useLocalRows } from "./row-source.ts";

/** The numbers of a chart or map, one row per interval. */
export function IntervalTable(props: {
  readonly curve: Curve;
  /** Opens what is known of an interval. */
  readonly onOpen?: (index: number) => void;
}) {
  const { t, f } = useLocale();
  const { curve } = props;
  const indexes = useMemo(() => Array.from({ length: curve.values.length }, (_, index) => index), [curve]);
  const rows = useLocalRows(indexes);
  const unit = useMemo(() => displayUnit(curve.unit, largestIn(curve.values)), [curve]);
  const columns = useMemo<readonly TableColumn<number>[]>(
    () => [
      {
        id: "interval",
        header: t("chart.interval"),
        width: 240,
        text: (index) => f.interval(curve.startMs + index * curve.stepMs, curve.stepMs / 1000),
      },
      {
        id: "value",
        header: t("chart.value", { unit: unit.label }),
        width: 130,
        end: true,
        text: (index) => {
          const value = curve.values[index]!;
          return Number.isNaN(value) ? "–" : f.number(value * unit.factor, unit.digits);
        },
      },
      {
        id: "quality",
        header: t("chart.quality"),
        width: 140,
        grow: 1,
        text: (index) => {
          const quality = qualityAt(curve, index);
          return `${qualityShapes[quality]} ${t(`quality.${quality}`)}`;
        },
      },
    ],
    [curve, t, f, unit],
  );
  return (
    <DataTable
      name="intervals"
      label={t("chart.table-label")}
      columns={columns}
      rows={rows}
      {...(props.onOpen ? { onOpen: props.onOpen } : {})}
      height="420px"
      empty={<EmptyNotice title={t("quality.missing")} />}
    />
  );
}
