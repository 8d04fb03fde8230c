import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, type RegisterRow } from "../api/client.ts";
import { qualityOf, qualityShapes } from "../parts/curve.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol, rawRegister, shownRegister } from "../parts/obis.ts";
import { useLocalRows } from "../parts/row-source.ts";
import { sortRows } from "../parts/sort-rows.ts";
import { useLocale } from "../text/provider.tsx";
import { KnownAt } from "./known-at.tsx";
import type { TabProps } from "./point-page.tsx";
import { RegisterStoryDialog } from "./value-story.tsx";

const rowsMax = 1_000;
const none: readonly RegisterRow[] = [];

/** Register values, newest first, each with all its digits. */
export function RegistersTab({ point, search, change }: TabProps) {
  const { t, f } = useLocale();
  const [told, setTold] = useState<RegisterRow>();
  const query = useQuery({
    queryKey: ["point", point.pointId, "registers", search.obis ?? "", search.known ?? ""],
    queryFn: ({ signal }) =>
      api.registers(
        point.pointId,
        {
          limit: rowsMax,
          ...(search.obis ? { obis: search.obis } : {}),
          ...(search.known ? { knownAt: search.known } : {}),
        },
        signal,
      ),
  });
  const known = useMemo(() => [...new Set(point.now.map((reading) => reading.obis))].sort(), [point.now]);
  const columns = useMemo<readonly TableColumn<RegisterRow>[]>(
    () => [
      {
        id: "measuredAt",
        header: t("registers.measured"),
        width: 216,
        sortable: true,
        text: (row) => f.instant(Date.parse(row.measuredAt)),
      },
      {
        id: "obis",
        header: t("registers.register"),
        width: 190,
        grow: 1,
        sortable: true,
        text: (row) => {
          const symbol = obisSymbol(row.obis);
          return symbol === row.obis ? row.obis : `${symbol} · ${row.obis}`;
        },
        filter: (
          <select
            className="e-cell-input"
            aria-label={t("table.filter", { column: t("registers.register") })}
            value={search.obis ?? ""}
            onChange={(event) => {
              const { obis: _obis, ...rest } = search;
              change(event.currentTarget.value ? { ...rest, obis: event.currentTarget.value } : rest);
            }}
          >
            <option value="">{t("registers.all")}</option>
            {known.map((obis) => (
              <option key={obis} value={obis}>
                {obisSymbol(obis)}
              </option>
            ))}
          </select>
        ),
      },
      {
        id: "value",
        header: t("registers.value"),
        width: 140,
        end: true,
        text: (row) => f.decimal(shownRegister(row.value, row.unit).value),
        cell: (row) => (
          <span title={rawRegister(row.value, row.unit)}>
            {f.decimal(shownRegister(row.value, row.unit).value)}
          </span>
        ),
      },
      {
        id: "unit",
        header: t("registers.unit"),
        width: 80,
        text: (row) => shownRegister(row.value, row.unit).unit,
      },
      {
        id: "quality",
        header: t("registers.quality"),
        width: 130,
        text: (row) => {
          const quality = qualityOf(row.flags);
          return `${qualityShapes[quality]} ${t(`quality.${quality}`)}`;
        },
      },
      { id: "serial", header: t("registers.meter"), width: 120, sortable: true, text: (row) => row.serial },
      {
        id: "receivedAt",
        header: t("registers.received"),
        width: 216,
        sortable: true,
        text: (row) => f.instant(Date.parse(row.receivedAt)),
      },
      {
        id: "version",
        header: t("registers.version"),
        width: 90,
        end: true,
        hidden: true,
        text: (row) => String(row.version),
      },
    ],
    [t, f, known, search, change],
  );
  const order = {
    column: search.sort ?? "measuredAt",
    descending: search.sort ? search.descending === true : true,
  };
  const sorted = useMemo(
    () => sortRows(query.data?.rows ?? none, order.column as keyof RegisterRow, order.descending),
    [query.data, order.column, order.descending],
  );
  const rows = useLocalRows(sorted);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="e-stack">
      <KnownAt
        known={search.known}
        onChange={(known) => {
          const { known: _known, ...rest } = search;
          change(known === undefined ? rest : { ...rest, known });
        }}
      />
      <DataTable
        name="registers"
        onOpen={setTold}
        label={t("tab.registers")}
        columns={columns}
        rows={rows}
        order={order}
        onOrder={({ column, descending }) => {
          const { sort: _sort, descending: _descending, ...rest } = search;
          change({ ...rest, sort: column, ...(descending ? { descending: true as const } : {}) });
        }}
        selectable
        height="max(320px, calc(100dvh - 480px))"
        empty={<EmptyNotice title={t("registers.none")}>{t("registers.none-do")}</EmptyNotice>}
      />
      <RegisterStoryDialog pointId={point.pointId} reading={told} onClose={() => setTold(undefined)} />
    </div>
  );
}
