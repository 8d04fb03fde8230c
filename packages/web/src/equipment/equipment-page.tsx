import "./texts.ts";
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, type ConcentratorRow, fileAddress } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ConcentratorMark, SupplyMark } from "./marks.tsx";
import { concentratorStates, type EquipmentSearch } from "./search.ts";

/** All concentrators: who called, what each has behind it, and how much of it is not here yet. */
export function EquipmentPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/cfg/equipment" });
  const navigate = useNavigate();
  const change = (next: EquipmentSearch) =>
    void navigate({ to: "/cfg/equipment", search: next, replace: true });
  const rows = useServerRows(["equipment", "list", search], (offset, limit, signal) =>
    api.concentrators({ ...search, offset, limit }, signal),
  );
  const counts = useQuery({
    queryKey: ["equipment", "counts"],
    queryFn: ({ signal }) => api.concentrators({ limit: 1 }, signal),
    refetchInterval: 60_000,
  });
  const columns = useColumns();
  const [typed, setTyped] = useState(search.q ?? "");
  const tell = useDebouncedCallback((q: string) => {
    const { q: _old, ...rest } = search;
    change(q === "" ? rest : { ...rest, q });
  }, 150);
  const isFiltered = Boolean(search.q || search.state || search.branch);
  const clear = () => {
    setTyped("");
    change({});
  };
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.equipment") }]}
        title={t("nav.equipment")}
        aside={
          counts.data ? (
            <span className="e-muted e-small e-num" role="status">
              {t("equipment.counts", { ...counts.data.counts })}
            </span>
          ) : null
        }
      />
      <DataTable
        name="equipment"
        label={t("nav.equipment")}
        columns={columns}
        rows={rows}
        onOpen={({ gatewayId }) => void navigate({ to: "/cfg/equipment/$gatewayId", params: { gatewayId } })}
        csvHref={fileAddress("/equipment.csv", { ...search })}
        height="max(320px, calc(100dvh - 228px))"
        toolbar={
          <>
            <TextInput
              data-filter
              aria-label={t("equipment.find")}
              placeholder={t("equipment.find")}
              style={{ flex: "1 1 220px", maxWidth: 360 }}
              value={typed}
              onChange={({ currentTarget: { value } }) => {
                setTyped(value);
                tell(value.trim());
              }}
            />
            <Select
              aria-label={t("equipment.state")}
              style={{ flex: "0 1 220px" }}
              allowDeselect={false}
              value={search.state ?? ""}
              onChange={(value) => {
                const { state: _old, ...rest } = search;
                const state = concentratorStates.find((one) => one === value);
                change(state ? { ...rest, state } : rest);
              }}
              data={[
                { value: "", label: t("equipment.any") },
                ...concentratorStates.map((value) => ({ value, label: t(`equipment.${value}`) })),
              ]}
            />
            {isFiltered ? (
              <Button variant="subtle" size="xs" onClick={clear}>
                {t("equipment.clear")}
              </Button>
            ) : null}
          </>
        }
        empty={<EmptyNotice title={t("equipment.none")}>{t("equipment.none-do")}</EmptyNotice>}
      />
    </>
  );
}

function useColumns(): readonly TableColumn<ConcentratorRow>[] {
  const { t, f } = useLocale();
  return useMemo(() => {
    const when = (at: string | null) => (at === null ? noValue : f.instant(Date.parse(at)));
    const nameOf = (row: ConcentratorRow) => row.name || row.identity;
    return [
      {
        id: "name",
        header: t("equipment.name"),
        width: 176,
        grow: 1,
        text: nameOf,
        cell: (row) => (
          <Link
            to="/cfg/equipment/$gatewayId"
            params={{ gatewayId: row.gatewayId }}
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
          >
            {nameOf(row)}
          </Link>
        ),
      },
      {
        id: "state",
        header: t("equipment.state"),
        width: 190,
        text: (row) => t(`equipment.${row.state}`),
        cell: (row) => <ConcentratorMark state={row.state} />,
      },
      {
        id: "branch",
        header: t("equipment.branch"),
        width: 150,
        grow: 1,
        text: (row) => row.branch.join(" › ") || noValue,
        cell: (row) => <span title={row.branch.join(" › ")}>{row.branch.at(-1) ?? noValue}</span>,
      },
      {
        id: "contact",
        header: t("equipment.contact"),
        width: 184,
        end: true,
        text: (row) => when(row.lastContactAt),
      },
      {
        id: "meters",
        header: t("equipment.meters"),
        width: 130,
        end: true,
        text: (row) =>
          row.missing === 0
            ? f.number(row.meters)
            : t("equipment.meters-value", { meters: f.number(row.meters), missing: f.number(row.missing) }),
      },
      {
        id: "differences",
        header: t("equipment.differences"),
        width: 100,
        end: true,
        text: (row) => f.number(row.differences),
      },
      {
        id: "waiting",
        header: t("equipment.waiting"),
        width: 180,
        end: true,
        text: (row) => f.number(row.entriesWaiting),
      },
      {
        id: "handOver",
        header: t("equipment.hand-over"),
        width: 184,
        end: true,
        text: (row) => when(row.lastHandOverAt),
      },
      {
        id: "supply",
        header: t("equipment.supply"),
        width: 160,
        text: (row) => t(`equipment.supply-${row.supply}`),
        cell: (row) => <SupplyMark supply={row.supply} />,
      },
      {
        id: "link",
        header: t("equipment.link"),
        width: 150,
        hidden: true,
        text: (row) => row.remoteAddress ?? noValue,
      },
      {
        id: "firmware",
        header: t("equipment.firmware"),
        width: 110,
        hidden: true,
        text: (row) => row.firmware || noValue,
      },
    ];
  }, [t, f]);
}
