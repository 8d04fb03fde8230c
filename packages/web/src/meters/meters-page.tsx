import "./texts.ts";
import { Button, CloseButton, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, fileAddress, type MeterRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { AddMeter } from "./add-meter.tsx";
import { ImportMeters } from "./import-meters.tsx";
import { type MetersSearch, meterStates } from "./search.ts";
import { MeterStateMark } from "./state-mark.tsx";

/** Meters at points and in the stores. With a day in the address it is the work list of what is due for verification by then. */
export function MetersPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/cfg/meters" });
  const navigate = useNavigate();
  const may = useMay();
  const [dialog, setDialog] = useState<"add" | "import">();
  const change = (next: MetersSearch) => void navigate({ to: "/cfg/meters", search: next, replace: true });
  const without = (key: keyof MetersSearch): MetersSearch => {
    const { [key]: _, ...rest } = search;
    return rest;
  };
  const rows = useServerRows(["meters", search], (offset, limit, signal) =>
    api.meters({ ...search, offset, limit }, signal),
  );
  const columns = useColumns();
  const [typed, setTyped] = useState(search.q ?? "");
  const tell = useDebouncedCallback((q: string) => change(q === "" ? without("q") : { ...search, q }), 150);
  const type = (text: string) => {
    setTyped(text);
    tell(text.trim());
  };
  const isFiltered =
    search.q !== undefined ||
    search.state !== undefined ||
    search.type !== undefined ||
    search.dueBefore !== undefined;
  const clear = () => {
    setTyped("");
    change({});
  };
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.meters") }]}
        title={t("nav.meters")}
        actions={
          may("meters.change") ? (
            <>
              <Button variant="default" onClick={() => setDialog("import")}>
                {t("meters.import")}
              </Button>
              <Button onClick={() => setDialog("add")}>{t("meters.add")}</Button>
            </>
          ) : undefined
        }
      />
      <DataTable
        name="meters"
        label={t("nav.meters")}
        columns={columns}
        rows={rows}
        order={{ column: search.sort ?? "serial", descending: search.descending ?? false }}
        onOrder={({ column, descending }) => {
          const { sort: _, descending: __, ...filters } = search;
          change({
            ...filters,
            ...(column === "serial" ? {} : { sort: column as NonNullable<MetersSearch["sort"]> }),
            ...(descending ? { descending: true as const } : {}),
          });
        }}
        onOpen={({ meterId }) => void navigate({ to: "/cfg/meters/$meterId", params: { meterId } })}
        height="max(320px, calc(100dvh - 228px))"
        csvHref={fileAddress("/meters.csv", { ...search })}
        toolbar={
          <>
            <TextInput
              data-filter
              aria-label={t("meters.find")}
              placeholder={t("meters.find")}
              style={{ flex: "1 1 200px", maxWidth: 320 }}
              value={typed}
              onChange={(event) => type(event.currentTarget.value)}
              rightSection={
                typed ? (
                  <CloseButton size="sm" aria-label={t("meters.clear")} onClick={() => type("")} />
                ) : undefined
              }
            />
            <NativeSelect
              aria-label={t("meters.state")}
              value={search.state ?? ""}
              data={[
                { value: "", label: t("meters.any-state") },
                ...meterStates.map((state) => ({ value: state, label: t(`meters.state-${state}`) })),
              ]}
              onChange={(event) => {
                const state = meterStates.find((one) => one === event.currentTarget.value);
                change(state ? { ...search, state } : without("state"));
              }}
            />
            <span className="e-row e-small">
              <span aria-hidden="true">{t("meters.due-on")}</span>
              <TextInput
                type="date"
                size="xs"
                aria-label={t("meters.due-on")}
                value={search.dueBefore ?? ""}
                onChange={(event) => {
                  const day = event.currentTarget.value;
                  change(day === "" ? without("dueBefore") : { ...search, dueBefore: day, sort: "dueOn" });
                }}
              />
            </span>
            {isFiltered ? (
              <Button variant="subtle" size="xs" onClick={clear}>
                {t("meters.clear")}
              </Button>
            ) : null}
          </>
        }
        empty={
          isFiltered ? (
            <EmptyNotice
              title={t("meters.no-match")}
              action={
                <Button variant="default" onClick={clear}>
                  {t("meters.clear")}
                </Button>
              }
            />
          ) : (
            <EmptyNotice title={t("meters.none")}>{t("meters.none-do")}</EmptyNotice>
          )
        }
      />
      <Modal
        opened={dialog !== undefined}
        onClose={() => setDialog(undefined)}
        size="lg"
        title={dialog ? t(`meters.${dialog}`) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "add" ? <AddMeter onEnd={() => setDialog(undefined)} /> : null}
        {dialog === "import" ? <ImportMeters onEnd={() => setDialog(undefined)} /> : null}
      </Modal>
    </>
  );
}

function useColumns(): readonly TableColumn<MeterRow>[] {
  const { t, f } = useLocale();
  return useMemo(
    () => [
      {
        id: "serial",
        header: t("meters.serial"),
        width: 150,
        sortable: true,
        text: ({ serial }) => serial,
        cell: ({ meterId, serial }) => (
          <Link
            to="/cfg/meters/$meterId"
            params={{ meterId }}
            tabIndex={-1}
            className="e-num"
            onClick={(event) => event.stopPropagation()}
          >
            {serial}
          </Link>
        ),
      },
      {
        id: "type",
        header: t("meters.type"),
        width: 200,
        grow: 2,
        sortable: true,
        text: ({ manufacturer, typeName, model }) => `${manufacturer} ${typeName ?? model}`,
      },
      {
        id: "state",
        header: t("meters.state"),
        width: 150,
        sortable: true,
        text: ({ state }) => t(`meters.state-${state}`),
        cell: ({ state }) => <MeterStateMark state={state} />,
      },
      {
        id: "since",
        header: t("meters.since"),
        width: 190,
        sortable: true,
        text: ({ since }) => (since === null ? noValue : f.instant(Date.parse(since))),
      },
      { id: "place", header: t("meters.place"), width: 150, grow: 1, text: ({ place }) => place || noValue },
      {
        id: "dueOn",
        header: t("meters.due"),
        width: 150,
        sortable: true,
        text: ({ dueOn }) => (dueOn === null ? noValue : f.day(dueOn)),
      },
    ],
    [t, f],
  );
}
