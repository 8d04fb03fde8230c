import "./texts.ts";
import { Button, CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ReportLinks } from "../analysis/frame.tsx";
import { api, fileAddress, type SubscriberRow } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { SubscribersSearch } from "./search.ts";

const places = {
  "/cfg/subscribers": { group: "nav.configure", title: "nav.subscribers" },
  "/an/subscribers": { group: "nav.analyse", title: "nav.subscriber-records" },
} as const;
type Place = keyof typeof places;

export function SubscribersPage() {
  return <SubscriberList place="/cfg/subscribers" search={useSearch({ from: "/inside/cfg/subscribers" })} />;
}

/** The same list, each with the way to its record. */
export function SubscriberRecordsPage() {
  return <SubscriberList place="/an/subscribers" search={useSearch({ from: "/inside/an/subscribers" })} />;
}

/** All subscribers whose contracts one may see. What is searched for and the order are in the address. */
function SubscriberList({ place, search }: { readonly place: Place; readonly search: SubscribersSearch }) {
  const { t } = useLocale();
  const { group, title } = places[place];
  const navigate = useNavigate();
  const change = (next: SubscribersSearch) => void navigate({ to: place, search: next, replace: true });
  const rows = useServerRows(["subscribers", search], (offset, limit, signal) =>
    api.subscribers({ ...search, offset, limit }, signal),
  );
  const columns = useColumns(place);
  const [typed, setTyped] = useState(search.q ?? "");
  const tell = useDebouncedCallback((q: string) => {
    const { q: _old, ...rest } = search;
    change(q === "" ? rest : { ...rest, q });
  }, 150);
  const type = (text: string) => {
    setTyped(text);
    tell(text.trim());
  };
  return (
    <>
      <PageHead crumbs={[{ label: t(group) }, { label: t(title) }]} title={t(title)} />
      {place === "/an/subscribers" ? <ReportLinks search={{}} /> : null}
      <DataTable
        name="subscribers"
        label={t("nav.subscribers")}
        columns={columns}
        rows={rows}
        order={{ column: search.sort ?? "name", descending: search.descending ?? false }}
        onOrder={({ column, descending }) =>
          change({
            ...(search.q ? { q: search.q } : {}),
            ...(column === "number" ? { sort: "number" as const } : {}),
            ...(descending ? { descending: true as const } : {}),
          })
        }
        onOpen={({ subscriberId }) =>
          void navigate({ to: `${place}/$subscriberId`, params: { subscriberId } })
        }
        height="max(320px, calc(100dvh - 228px))"
        csvHref={fileAddress("/subscribers.csv", { ...search })}
        toolbar={
          <TextInput
            data-filter
            aria-label={t("subscribers.find")}
            placeholder={t("subscribers.find")}
            style={{ flex: "1 1 220px", maxWidth: 360 }}
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
            rightSection={
              typed ? (
                <CloseButton size="sm" aria-label={t("subscribers.clear")} onClick={() => type("")} />
              ) : undefined
            }
          />
        }
        empty={
          search.q ? (
            <EmptyNotice
              title={t("subscribers.no-match")}
              action={
                <Button variant="default" onClick={() => type("")}>
                  {t("subscribers.clear")}
                </Button>
              }
            />
          ) : (
            <EmptyNotice
              title={t("subscribers.none-yet")}
              action={
                <Button renderRoot={(own) => <Link to="/points" search={{}} {...own} />}>
                  {t("subscribers.to-points")}
                </Button>
              }
            >
              {t("subscribers.none-yet-do")}
            </EmptyNotice>
          )
        }
      />
    </>
  );
}

function useColumns(place: Place): readonly TableColumn<SubscriberRow>[] {
  const { t, f } = useLocale();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("subscribers.name"),
        width: 280,
        grow: 2,
        sortable: true,
        text: ({ name }) => name,
        cell: ({ subscriberId, name }) => (
          <Link
            to={`${place}/$subscriberId`}
            params={{ subscriberId }}
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
          >
            {name}
          </Link>
        ),
      },
      {
        id: "number",
        header: t("subscribers.number"),
        width: 150,
        sortable: true,
        text: ({ number }) => number,
      },
      {
        id: "kind",
        header: t("subscribers.kind"),
        width: 120,
        text: ({ kind }) => t(`subscribers.${kind}`),
      },
      {
        id: "phone",
        header: t("subscribers.phone"),
        width: 160,
        text: ({ phone }) => phone || noValue,
      },
      {
        id: "email",
        header: t("subscribers.email"),
        width: 220,
        grow: 1,
        text: ({ email }) => email || noValue,
      },
      {
        id: "running",
        header: t("subscribers.running"),
        width: 150,
        end: true,
        text: ({ running }) => f.number(running),
      },
    ],
    [t, f, place],
  );
}
