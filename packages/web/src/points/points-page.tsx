import { Button, CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { api, fileAddress, type PointRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { PointMark } from "../parts/marks.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { rawRegister, shownRegister } from "../parts/obis.ts";
import { operationsQuery } from "../parts/operations-query.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { isFiltered, type PointsSearch, pointStates, pointsQuery } from "./search.ts";

/** All points of measure. Filters and order are in the address: copied, it shows the same rows. */
export function PointsPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/points" });
  const navigate = useNavigate();
  const query = pointsQuery(search);
  const rows = useServerRows(["points", query], (offset, limit, signal) =>
    api.points({ ...query, offset, limit }, signal),
  );
  const change = useCallback(
    (next: PointsSearch) => void navigate({ to: "/points", search: next, replace: true }),
    [navigate],
  );
  const columns = usePointColumns(search, change);

  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.points") }]}
        title={t("points.title")}
      />
      <DataTable
        name="points"
        label={t("points.title")}
        columns={columns}
        rows={rows}
        order={{ column: search.sort ?? "pod", descending: search.descending ?? false }}
        onOrder={({ column, descending }) => {
          const { sort: _sort, descending: _descending, ...filters } = search;
          change({
            ...filters,
            ...(column === "pod" ? {} : { sort: column as NonNullable<PointsSearch["sort"]> }),
            ...(descending ? { descending: true } : {}),
          });
        }}
        onOpen={(row) =>
          void navigate({ to: "/points/$pointId", params: { pointId: row.pointId }, search: {} })
        }
        selectable
        height="max(320px, calc(100dvh - 228px))"
        csvHref={fileAddress("/points.csv", query)}
        toolbar={
          <>
            <FindField value={search.q ?? ""} onChange={(q) => change(withText(search, "q", q))} />
            {isFiltered(search) ? (
              <Button variant="subtle" size="xs" onClick={() => change({})}>
                {t("points.clear")}
              </Button>
            ) : null}
          </>
        }
        empty={<NoPoints search={search} onClear={() => change({})} />}
      />
    </>
  );
}

function usePointColumns(
  search: PointsSearch,
  change: (next: PointsSearch) => void,
): readonly TableColumn<PointRow>[] {
  const { t, f } = useLocale();
  const operations = useQuery(operationsQuery);
  const branches = operations.data?.branches;
  return useMemo(() => {
    const select = (
      key: "state" | "branch",
      label: string,
      options: readonly (readonly [value: string, text: string])[],
    ) => (
      <select
        className="e-cell-input"
        aria-label={t("table.filter", { column: label })}
        value={String(search[key] ?? "")}
        onChange={(event) => {
          const { [key]: _old, ...rest } = search;
          const { value } = event.currentTarget;
          change(
            value === ""
              ? rest
              : ({ ...rest, [key]: key === "branch" ? Number(value) : value } as PointsSearch),
          );
        }}
      >
        <option value="">{t("points.any")}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    );
    const contact = (row: PointRow) =>
      row.lastContactAt ? f.instant(Date.parse(row.lastContactAt)) : noValue;
    return [
      {
        id: "pod",
        header: t("points.pod"),
        width: 172,
        sortable: true,
        text: (row) => row.pod,
        cell: (row) => (
          <Link
            to="/points/$pointId"
            params={{ pointId: row.pointId }}
            search={{}}
            tabIndex={-1}
            className="e-num"
            onClick={(event) => event.stopPropagation()}
          >
            {row.pod}
          </Link>
        ),
      },
      { id: "name", header: t("points.name"), width: 150, grow: 2, sortable: true, text: (row) => row.name },
      {
        id: "address",
        header: t("points.address"),
        width: 200,
        grow: 3,
        sortable: true,
        text: (row) => row.address,
      },
      {
        id: "branch",
        header: t("points.branch"),
        width: 170,
        grow: 1,
        sortable: true,
        text: (row) => row.branch.join(" › "),
        cell: (row) => <span title={row.branch.join(" › ")}>{row.branch.at(-1)}</span>,
        filter: select(
          "branch",
          t("points.branch"),
          (branches ?? []).map((branch) => [String(branch.branchId), branch.path.join(" › ")] as const),
        ),
      },
      {
        id: "state",
        header: t("points.state"),
        width: 140,
        sortable: true,
        text: (row) => t(`state.${row.state}`),
        cell: (row) => <PointMark state={row.state} />,
        filter: select(
          "state",
          t("points.state"),
          pointStates.map((state) => [state, t(`state.${state}`)] as const),
        ),
      },
      {
        id: "lastContactAt",
        header: t("points.last-contact"),
        width: 184,
        sortable: true,
        end: true,
        text: contact,
      },
      {
        id: "lastIndex",
        header: t("points.last-index"),
        width: 150,
        end: true,
        text: (row) => {
          if (!row.lastIndex) return noValue;
          const { value, unit } = shownRegister(row.lastIndex.value, row.lastIndex.unit);
          return `${f.decimal(value)} ${unit}`;
        },
        cell: (row) => {
          if (!row.lastIndex) return <span>{noValue}</span>;
          const { value, unit } = shownRegister(row.lastIndex.value, row.lastIndex.unit);
          return (
            <span title={rawRegister(row.lastIndex.value, row.lastIndex.unit)}>
              {f.decimal(value)} {unit}
            </span>
          );
        },
      },
      {
        id: "serial",
        header: t("points.serial"),
        width: 110,
        sortable: true,
        text: (row) => row.serial ?? noValue,
      },
      {
        id: "model",
        header: t("points.model"),
        width: 180,
        sortable: true,
        text: (row) => row.model ?? noValue,
        filter: (
          <TextFilter
            label={t("table.filter", { column: t("points.model") })}
            value={search.model ?? ""}
            onChange={(model) => change(withText(search, "model", model))}
          />
        ),
      },
      {
        id: "phases",
        header: t("points.phases"),
        width: 80,
        end: true,
        hidden: true,
        text: (row) => String(row.phases),
      },
    ];
  }, [t, f, branches, search, change]);
}

function withText(search: PointsSearch, key: "q" | "model", value: string): PointsSearch {
  const { [key]: _old, ...rest } = search;
  return value === "" ? rest : { ...rest, [key]: value };
}

/** Typed text stays as typed; the list follows when the typing pauses. */
function useTypedText(value: string, onChange: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  const tell = useDebouncedCallback((next: string) => {
    setTold(next.trim());
    onChange(next.trim());
  }, 150);
  return [
    typed,
    (next: string) => {
      setTyped(next);
      tell(next);
    },
  ] as const;
}

function FindField(props: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useLocale();
  const [typed, type] = useTypedText(props.value, props.onChange);
  return (
    <TextInput
      data-filter
      aria-label={t("points.find")}
      placeholder={t("points.find")}
      value={typed}
      style={{ flex: "1 1 220px", maxWidth: 360 }}
      onChange={(event) => type(event.currentTarget.value)}
      rightSection={
        typed ? <CloseButton size="sm" aria-label={t("points.clear")} onClick={() => type("")} /> : undefined
      }
    />
  );
}

function TextFilter(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, type] = useTypedText(props.value, props.onChange);
  return (
    <input
      className="e-cell-input"
      aria-label={props.label}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

/** Nothing yet, or nothing that matches: each with its way out. */
function NoPoints(props: { readonly search: PointsSearch; readonly onClear: () => void }) {
  const { t } = useLocale();
  const { search } = props;
  if (!isFiltered(search))
    return (
      <EmptyNotice
        title={t("points.none-yet")}
        action={
          <span className="e-row">
            <Button renderRoot={(own) => <Link to="/devices/new" {...own} />}>{t("points.add")}</Button>
            <Button
              variant="default"
              renderRoot={(own) => <Link to="/first-run" search={{ step: "sample" }} {...own} />}
            >
              {t("points.sample")}
            </Button>
          </span>
        }
      >
        {t("points.none-yet-do")}
      </EmptyNotice>
    );
  const filters = [
    search.q ? `“${search.q}”` : "",
    search.branch ? t("points.branch") : "",
    search.state ? t(`state.${search.state}`) : "",
    search.model ?? "",
  ].filter(Boolean);
  return (
    <EmptyNotice
      title={t("points.no-match")}
      action={
        <Button variant="default" onClick={props.onClear}>
          {t("points.clear")}
        </Button>
      }
    >
      {t("points.no-match-of", { filters: filters.join(", ") })}
    </EmptyNotice>
  );
}
