import "./texts.ts";
import { Button, CloseButton, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, fileAddress, type LocationRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { operationsQuery } from "../parts/operations-query.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { LocationForm } from "./location-forms.tsx";
import { LocationPlot } from "./location-plot.tsx";
import { SealMark } from "./marks.tsx";
import { type LocationsSearch, sealStates } from "./search.ts";

/** Locations: found by address, code, seal, key or what stands there; as a list, with a plot of where they lie. */
export function LocationsPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/cfg/locations" });
  const navigate = useNavigate();
  const may = useMay();
  const branches = useQuery(operationsQuery).data?.branches;
  const [adds, setAdds] = useState(false);
  const change = (next: LocationsSearch) =>
    void navigate({ to: "/cfg/locations", search: next, replace: true });
  const without = (key: keyof LocationsSearch): LocationsSearch => {
    const { [key]: _, ...rest } = search;
    return rest;
  };
  const { plot: _, ...asked } = search;
  const rows = useServerRows(["locations", asked], (offset, limit, signal) =>
    api.locations({ ...asked, offset, limit }, signal),
  );
  const columns = useColumns();
  const [typed, setTyped] = useState(search.q ?? "");
  const tell = useDebouncedCallback((q: string) => change(q === "" ? without("q") : { ...search, q }), 150);
  const type = (text: string) => {
    setTyped(text);
    tell(text.trim());
  };
  const isFiltered = search.q !== undefined || search.branch !== undefined || search.seal !== undefined;
  const clear = () => {
    setTyped("");
    change(search.plot ? { plot: true } : {});
  };
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.locations") }]}
        title={t("nav.locations")}
        actions={
          <>
            <Button
              variant="default"
              aria-pressed={search.plot === true}
              onClick={() => change(search.plot ? without("plot") : { ...search, plot: true })}
            >
              {t(search.plot ? "places.plot-hide" : "places.plot")}
            </Button>
            {may("locations.change") ? (
              <Button onClick={() => setAdds(true)}>{t("places.add")}</Button>
            ) : null}
          </>
        }
      />
      {search.plot ? <LocationPlot asked={asked} /> : null}
      <DataTable
        name="locations"
        label={t("nav.locations")}
        columns={columns}
        rows={rows}
        order={{ column: search.sort ?? "address", descending: search.descending ?? false }}
        onOrder={({ column, descending }) => {
          const { sort: __, descending: ___, ...filters } = search;
          change({
            ...filters,
            ...(column === "code" ? { sort: "code" as const } : {}),
            ...(descending ? { descending: true as const } : {}),
          });
        }}
        onOpen={({ locationId }) =>
          void navigate({ to: "/cfg/locations/$locationId", params: { locationId }, search: {} })
        }
        height={search.plot ? "320px" : "max(320px, calc(100dvh - 228px))"}
        csvHref={fileAddress("/locations.csv", { ...asked })}
        toolbar={
          <>
            <TextInput
              data-filter
              aria-label={t("places.find")}
              placeholder={t("places.find")}
              style={{ flex: "1 1 200px", maxWidth: 320 }}
              value={typed}
              onChange={(event) => type(event.currentTarget.value)}
              rightSection={
                typed ? (
                  <CloseButton size="sm" aria-label={t("places.clear")} onClick={() => type("")} />
                ) : undefined
              }
            />
            <NativeSelect
              aria-label={t("places.branch")}
              value={String(search.branch ?? "")}
              data={[
                { value: "", label: t("places.any-branch") },
                ...(branches ?? []).map(({ branchId, path }) => ({
                  value: String(branchId),
                  label: path.join(" › "),
                })),
              ]}
              onChange={(event) => {
                const branch = Number(event.currentTarget.value);
                change(branch > 0 ? { ...search, branch } : without("branch"));
              }}
            />
            <NativeSelect
              aria-label={t("places.seals")}
              value={search.seal ?? ""}
              data={[
                { value: "", label: t("places.any-seal") },
                ...sealStates.map((seal) => ({ value: seal, label: t(`places.seal-${seal}`) })),
              ]}
              onChange={(event) => {
                const seal = sealStates.find((one) => one === event.currentTarget.value);
                change(seal ? { ...search, seal } : without("seal"));
              }}
            />
            {isFiltered ? (
              <Button variant="subtle" size="xs" onClick={clear}>
                {t("places.clear")}
              </Button>
            ) : null}
          </>
        }
        empty={
          isFiltered ? (
            <EmptyNotice
              title={t("places.no-match")}
              action={
                <Button variant="default" onClick={clear}>
                  {t("places.clear")}
                </Button>
              }
            />
          ) : (
            <EmptyNotice title={t("places.none")}>{t("places.none-do")}</EmptyNotice>
          )
        }
      />
      <Modal
        opened={adds}
        onClose={() => setAdds(false)}
        size="lg"
        title={t("places.add")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {adds ? <LocationForm onEnd={() => setAdds(false)} /> : null}
      </Modal>
    </>
  );
}

function useColumns(): readonly TableColumn<LocationRow>[] {
  const { t, f } = useLocale();
  return useMemo(
    () => [
      {
        id: "address",
        header: t("places.address"),
        width: 200,
        grow: 3,
        sortable: true,
        text: ({ address }) => address || noValue,
        cell: ({ locationId, address }) => (
          <Link
            to="/cfg/locations/$locationId"
            params={{ locationId }}
            search={{}}
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
          >
            {address || noValue}
          </Link>
        ),
      },
      {
        id: "code",
        header: t("places.code"),
        width: 110,
        sortable: true,
        text: ({ code }) => code ?? noValue,
      },
      {
        id: "branch",
        header: t("places.branch"),
        width: 140,
        grow: 2,
        text: ({ branch }) => branch.join(" › "),
        cell: ({ branch }) => <span title={branch.join(" › ")}>{branch.at(-1)}</span>,
      },
      {
        id: "points",
        header: t("places.points"),
        width: 80,
        end: true,
        text: ({ points }) => f.number(points),
      },
      {
        id: "enclosure",
        header: t("places.enclosure"),
        width: 130,
        text: ({ material, wallMm }) =>
          material === null
            ? noValue
            : [
                t(`places.material-${material}` as MessageKey),
                wallMm === null ? "" : t("places.walls", { mm: f.decimal(wallMm) }),
              ]
                .filter(Boolean)
                .join(" "),
      },
      {
        id: "current",
        header: t("places.current"),
        width: 120,
        end: true,
        text: ({ ratedCurrentA }) => (ratedCurrentA === null ? noValue : f.decimal(ratedCurrentA)),
      },
      {
        id: "seals",
        header: t("places.seals"),
        width: 210,
        text: ({ sealState }) => t(`places.seal-${sealState}`),
        cell: ({ sealState }) => <SealMark state={sealState} />,
      },
    ],
    [t, f],
  );
}
