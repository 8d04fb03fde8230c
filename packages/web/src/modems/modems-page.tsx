import "./texts.ts";
import { Button, CloseButton, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, type ModemRow, type SimRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { ImportList } from "../parts/import-list.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ModemForm, SimForm } from "./forms.tsx";
import type { ModemsSearch } from "./search.ts";

type Dialog = "add-modem" | "add-sim" | "import";
const height = "max(320px, calc(100dvh - 228px))";
const order = { column: "name", descending: false };

/** Modems and SIM cards: two lists, one page. */
export function ModemsPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/cfg/modems" });
  const navigate = useNavigate();
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog>();
  const change = (next: ModemsSearch) => void navigate({ to: "/cfg/modems", search: next, replace: true });
  const [typed, setTyped] = useState(search.q ?? "");
  const { show, q } = search;
  const showing = show ? { show } : {};
  const tell = useDebouncedCallback(
    (text: string) => change({ ...showing, ...(text ? { q: text } : {}) }),
    150,
  );
  const type = (text: string) => {
    setTyped(text);
    tell(text.trim());
  };
  const end = () => setDialog(undefined);
  const list = {
    toolbar: (
      <>
        <SegmentedControl
          aria-label={t("modems.show")}
          value={show ?? "modems"}
          data={[
            { value: "modems", label: t("modems.modems") },
            { value: "sims", label: t("modems.sims") },
          ]}
          onChange={(value) =>
            change({ ...(q ? { q } : {}), ...(value === "sims" ? { show: "sims" as const } : {}) })
          }
        />
        <TextInput
          data-filter
          aria-label={t("modems.find")}
          placeholder={t("modems.find")}
          style={{ flex: "1 1 200px", maxWidth: 320 }}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
          rightSection={
            typed ? (
              <CloseButton size="sm" aria-label={t("modems.clear")} onClick={() => type("")} />
            ) : undefined
          }
        />
      </>
    ),
    empty: q ? (
      <EmptyNotice title={t("modems.no-match")} />
    ) : (
      <EmptyNotice title={t("modems.none")}>{t("modems.none-do")}</EmptyNotice>
    ),
  };
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.modems") }]}
        title={t("nav.modems")}
        actions={
          may("modems.change") ? (
            <>
              <Button variant="default" onClick={() => setDialog("import")}>
                {t("modems.import")}
              </Button>
              <Button onClick={() => setDialog(show ? "add-sim" : "add-modem")}>
                {t(show ? "modems.add-sim" : "modems.add-modem")}
              </Button>
            </>
          ) : undefined
        }
      />
      {show ? <Sims q={q} {...list} /> : <Modems q={q} {...list} />}
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        title={dialog ? t(`modems.${dialog}`) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "add-modem" ? <ModemForm onEnd={end} /> : null}
        {dialog === "add-sim" ? <SimForm onEnd={end} /> : null}
        {dialog === "import" ? (
          <ImportList
            help={t("modems.import-help")}
            bring={api.importModems}
            effect={({ modems, sims, placed }) => t("modems.import-effect", { modems, sims, placed })}
            changes={[["modems"], ["sims"]]}
            onEnd={end}
          />
        ) : null}
      </Modal>
    </>
  );
}

interface ListProps {
  readonly q: string | undefined;
  readonly toolbar: React.ReactNode;
  readonly empty: React.ReactNode;
}

function Modems({ q, toolbar, empty }: ListProps) {
  const { t, f } = useLocale();
  const navigate = useNavigate();
  const rows = useServerRows(["modems", q ?? ""], (offset, limit, signal) =>
    api.modems({ ...(q ? { q } : {}), offset, limit }, signal),
  );
  const columns = useMemo<readonly TableColumn<ModemRow>[]>(
    () => [
      { id: "name", header: t("modems.serial"), width: 150, text: ({ serial }) => serial },
      { id: "type", header: t("modems.type"), width: 130, grow: 1, text: ({ type }) => type },
      { id: "imei", header: t("modems.imei"), width: 160, text: ({ imei }) => imei ?? noValue },
      {
        id: "serves",
        header: t("modems.serves"),
        width: 180,
        grow: 2,
        text: ({ serves }) => serves ?? t("modems.in-store"),
      },
      {
        id: "since",
        header: t("modems.since"),
        width: 190,
        text: ({ since }) => (since === null ? noValue : f.instant(Date.parse(since))),
      },
      { id: "sim", header: t("modems.sim"), width: 190, text: ({ iccid }) => iccid ?? noValue },
    ],
    [t, f],
  );
  return (
    <DataTable
      name="modems"
      label={t("modems.modems")}
      columns={columns}
      rows={rows}
      order={order}
      onOrder={() => {}}
      onOpen={({ modemId }) => void navigate({ to: "/cfg/modems/$modemId", params: { modemId } })}
      height={height}
      toolbar={toolbar}
      empty={empty}
    />
  );
}

function Sims({ q, toolbar, empty }: ListProps) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const rows = useServerRows(["sims", q ?? ""], (offset, limit, signal) =>
    api.sims({ ...(q ? { q } : {}), offset, limit }, signal),
  );
  const columns = useMemo<readonly TableColumn<SimRow>[]>(
    () => [
      { id: "name", header: t("modems.iccid"), width: 190, text: ({ iccid }) => iccid },
      { id: "state", header: t("modems.state"), width: 120, text: ({ state }) => t(`modems.state-${state}`) },
      { id: "operator", header: t("modems.operator"), width: 140, grow: 1, text: ({ operator }) => operator },
      { id: "apn", header: t("modems.apn"), width: 150, text: ({ apn }) => apn || noValue },
      { id: "plan", header: t("modems.plan"), width: 120, text: ({ dataPlan }) => dataPlan || noValue },
      { id: "modem", header: t("modems.modem"), width: 150, text: ({ modem }) => modem ?? noValue },
    ],
    [t],
  );
  return (
    <DataTable
      name="sims"
      label={t("modems.sims")}
      columns={columns}
      rows={rows}
      order={order}
      onOrder={() => {}}
      onOpen={({ simId }) => void navigate({ to: "/cfg/sims/$simId", params: { simId } })}
      height={height}
      toolbar={toolbar}
      empty={empty}
    />
  );
}
