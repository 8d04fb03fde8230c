import { Button, Checkbox, NativeSelect, Tabs, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { api, fileAddress } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { CommunicationLog } from "./communication-log.tsx";
import { EntryTable } from "./entry-table.tsx";
import { fieldOfInstant, instantOfField, type LogSearch, type LogTab, logQuery, logTabs } from "./search.ts";
import { wordOf } from "./words.ts";

const pageRows = 100;

/** Who did what, and what it was before. Tab and filters are in the address: copied, it shows the same entries. */
export function LogPage() {
  const { t } = useLocale();
  const search = useSearch({ from: "/inside/adm/log" });
  const navigate = useNavigate();
  const change = useCallback(
    (next: LogSearch) => void navigate({ to: "/adm/log", search: next, replace: true }),
    [navigate],
  );
  const tab = search.tab ?? "parametrisation";
  const withTab = (next: LogTab): LogSearch => {
    const { tab: _tab, ...rest } = search;
    return next === "parametrisation" ? rest : { ...rest, tab: next };
  };
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.log") }]}
        title={t("log.title")}
        actions={tab === "communication" ? null : <Files search={search} tab={tab} />}
      />
      <div className="e-stack">
        <Filters search={search} tab={tab} onChange={change} />
        <Tabs value={tab} onChange={(next) => change(withTab(next as LogTab))} keepMounted={false}>
          <Tabs.List aria-label={t("log.tabs")}>
            {logTabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`log.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {logTabs.map((one) => (
            <Tabs.Panel key={one} value={one} pt="sm">
              {one === "communication" ? (
                <CommunicationLog search={search} />
              ) : (
                <Entries search={search} kind={one} />
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
    </>
  );
}

function Files({
  search,
  tab,
}: {
  readonly search: LogSearch;
  readonly tab: "application" | "parametrisation";
}) {
  const { t } = useLocale();
  const query = logQuery(search, tab);
  const file = (path: string, text: ReactNode) => (
    <Button component="a" href={fileAddress(path, query)} download variant="default" size="xs">
      {text}
    </Button>
  );
  return (
    <>
      {file("/log.csv", t("log.csv"))}
      {file("/log.jsonl", t("log.json"))}
    </>
  );
}

function Filters(props: {
  readonly search: LogSearch;
  readonly tab: LogTab;
  readonly onChange: (next: LogSearch) => void;
}) {
  const { t, zone } = useLocale();
  const { search, tab, onChange } = props;
  const names = useQuery({ queryKey: ["log", "names"], queryFn: ({ signal }) => api.logNames(signal) });
  const set = (key: "user" | "page" | "from" | "to", value: string | undefined) => {
    const { [key]: _old, ...rest } = search;
    onChange(value ? { ...rest, [key]: value } : rest);
  };
  const { object, id, alarms, tab: _tab, ...others } = search;
  const choose = (key: "user" | "page", label: string, options: readonly string[]) => (
    <NativeSelect
      label={label}
      value={search[key] ?? ""}
      onChange={(event) => set(key, event.currentTarget.value)}
      data={[
        { value: "", label: t("log.any") },
        ...[...new Set([...options, ...(search[key] ? [search[key]] : [])])].map((one) => ({
          value: one,
          label: one,
        })),
      ]}
    />
  );
  const time = (key: "from" | "to", label: string) => (
    <TextInput
      type="datetime-local"
      label={label}
      value={fieldOfInstant(search[key], zone)}
      onChange={(event) => set(key, instantOfField(event.currentTarget.value, zone))}
    />
  );
  return (
    <div className="e-log-filters">
      {choose("user", t("log.user"), names.data?.actors ?? [])}
      {tab === "communication" ? null : choose("page", t("log.page"), names.data?.pages ?? [])}
      {time("from", t("log.from"))}
      {time("to", t("log.to"))}
      {tab === "communication" ? null : (
        <Checkbox
          label={t("log.alarms")}
          checked={alarms === true}
          onChange={(event) => {
            const { alarms: _old, ...rest } = search;
            onChange(event.currentTarget.checked ? { ...rest, alarms: true } : rest);
          }}
        />
      )}
      {object && id ? (
        <Button
          variant="light"
          size="xs"
          onClick={() => {
            const { object: _object, id: _id, ...rest } = search;
            onChange(rest);
          }}
        >
          {t("log.of", { name: `${wordOf(t, "thing", object)} ${id}` })} ✕
        </Button>
      ) : null}
      {Object.keys(others).length > 0 || alarms ? (
        <Button
          variant="subtle"
          size="xs"
          onClick={() =>
            onChange({ ...(search.tab ? { tab: search.tab } : {}), ...(object && id ? { object, id } : {}) })
          }
        >
          {t("log.clear")}
        </Button>
      ) : null}
    </div>
  );
}

function Entries(props: { readonly search: LogSearch; readonly kind: "application" | "parametrisation" }) {
  const { t, f } = useLocale();
  const filter = logQuery(props.search, props.kind);
  const query = useInfiniteQuery({
    queryKey: ["log", filter],
    queryFn: ({ signal, pageParam }) =>
      api.log({ ...filter, limit: pageRows, ...(pageParam ? { before: pageParam } : {}) }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.more ? page.rows.at(-1)?.seq : undefined),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const entries = query.data.pages.flatMap((page) => page.rows);
  const checked = query.data.pages[0]?.checked;
  return (
    <div className="e-stack">
      {checked?.fault ? (
        <p role="alert">
          <Mark shape="■" tone="bad">
            {t("log.fault", { seq: String(checked.fault.seq) })}
          </Mark>
        </p>
      ) : (
        <p className="e-muted e-small">
          {checked?.at
            ? t("log.checked", { seq: f.number(checked.upTo), time: f.instant(Date.parse(checked.at)) })
            : t("log.unchecked")}
        </p>
      )}
      {entries.length === 0 ? (
        <EmptyNotice title={t("log.none")}>{t("log.none-do")}</EmptyNotice>
      ) : (
        <EntryTable label={t(`log.${props.kind}`)} entries={entries} />
      )}
      {query.hasNextPage ? (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("log.older")}
        </Button>
      ) : null}
    </div>
  );
}
