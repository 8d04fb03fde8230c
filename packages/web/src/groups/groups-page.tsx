import "./texts.ts";
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, type GroupList } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocalRows } from "../parts/row-source.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { AtField, atQuery } from "./at-field.tsx";
import { ChecksPanel } from "./checks-panel.tsx";
import { NewGroupDialog } from "./new-group.tsx";
import { type GroupsSearch, groupKinds } from "./search.ts";
import { type TreeLine, treeOf } from "./tree.ts";

/** All groups as the tree of the network, how many points and balance meters each has, and what does not fit together. */
export function GroupsPage() {
  const { t, zone } = useLocale();
  const may = useMay();
  const search = useSearch({ from: "/inside/cfg/groups" });
  const navigate = useNavigate();
  const change = (next: GroupsSearch) => void navigate({ to: "/cfg/groups", search: next, replace: true });
  const { q, kind, at } = search;
  const query = useQuery({
    queryKey: ["groups", "list", search],
    queryFn: ({ signal }) =>
      api.groups({ ...(q ? { q } : {}), ...(kind ? { kind } : {}), ...atQuery(at, zone) }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const lines = useMemo(() => treeOf(query.data?.rows ?? []), [query.data]);
  const rows = useLocalRows(lines, query.isPlaceholderData);
  const columns = useColumns(at);
  const [making, setMaking] = useState(false);
  const [typed, setTyped] = useState(q ?? "");
  const tell = useDebouncedCallback((text: string) => {
    const { q: _old, ...rest } = search;
    change(text === "" ? rest : { ...rest, q: text });
  }, 150);
  const isFiltered = Boolean(q || kind || at);
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.groups") }]}
        title={t("nav.groups")}
        aside={query.data ? <Summary list={query.data} /> : null}
        actions={
          may("groups.change") ? (
            <>
              <Button variant="default" renderRoot={(given) => <Link to="/cfg/groups/files" {...given} />}>
                {t("group-file.title")}
              </Button>
              <Button onClick={() => setMaking(true)}>{t("groups.new")}</Button>
            </>
          ) : null
        }
      />
      {making ? <NewGroupDialog onClose={() => setMaking(false)} /> : null}
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="e-stack">
          <DataTable
            name="groups"
            label={t("nav.groups")}
            columns={columns}
            rows={rows}
            onOpen={({ group }) =>
              void navigate({
                to: "/cfg/groups/$groupId",
                params: { groupId: group.groupId },
                search: at ? { at } : {},
              })
            }
            height="max(320px, calc(100dvh - 320px))"
            toolbar={
              <>
                <TextInput
                  data-filter
                  aria-label={t("groups.find")}
                  placeholder={t("groups.find")}
                  style={{ flex: "1 1 200px", maxWidth: 340 }}
                  value={typed}
                  onChange={({ currentTarget: { value } }) => {
                    setTyped(value);
                    tell(value.trim());
                  }}
                />
                <Select
                  aria-label={t("groups.kind")}
                  style={{ flex: "0 1 200px" }}
                  allowDeselect={false}
                  value={kind ?? ""}
                  onChange={(value) => {
                    const { kind: _old, ...rest } = search;
                    const next = groupKinds.find((one) => one === value);
                    change(next ? { ...rest, kind: next } : rest);
                  }}
                  data={[
                    { value: "", label: t("groups.any-kind") },
                    ...groupKinds.map((value) => ({ value, label: t(`group-kind.${value}`) })),
                  ]}
                />
                <AtField
                  value={at}
                  onChange={(day) => {
                    const { at: _old, ...rest } = search;
                    change(day ? { ...rest, at: day } : rest);
                  }}
                />
                {isFiltered ? (
                  <Button
                    variant="subtle"
                    size="xs"
                    onClick={() => {
                      setTyped("");
                      change({});
                    }}
                  >
                    {t("groups.clear")}
                  </Button>
                ) : null}
              </>
            }
            empty={<EmptyNotice title={t("groups.none")}>{t("groups.none-do")}</EmptyNotice>}
          />
          <ChecksPanel counts={query.data.checks} at={at} />
        </div>
      )}
    </>
  );
}

function Summary({ list }: { readonly list: GroupList }) {
  const { t } = useLocale();
  return (
    <span className="e-row e-small" role="status">
      <span className="e-muted e-num">{t("groups.count", { count: list.rows.length })}</span>
      {list.sums.waiting > 0 ? (
        <Mark shape="↻" tone="accent">
          {t("groups.summing", { count: list.sums.waiting })}
        </Mark>
      ) : null}
    </span>
  );
}

function useColumns(at: string | undefined): readonly TableColumn<TreeLine>[] {
  const { t, f } = useLocale();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("groups.name"),
        width: 200,
        grow: 2,
        text: ({ group, depth }) => `${"  ".repeat(depth)}${group.name}`,
        cell: ({ group, depth }) => (
          <span style={{ paddingInlineStart: Math.min(depth, 6) * 18 }}>
            <Link
              to="/cfg/groups/$groupId"
              params={{ groupId: group.groupId }}
              search={at ? { at } : {}}
              tabIndex={-1}
              onClick={(event) => event.stopPropagation()}
            >
              {group.name}
            </Link>
          </span>
        ),
      },
      {
        id: "kind",
        header: t("groups.kind"),
        width: 164,
        text: ({ group }) => t(`group-kind.${group.kind}`),
      },
      {
        id: "branch",
        header: t("groups.branch"),
        width: 150,
        grow: 1,
        text: ({ group }) => group.branch.join(" › ") || t("groups.whole-network"),
      },
      {
        id: "members",
        header: t("groups.members"),
        width: 84,
        end: true,
        text: ({ group }) => f.number(group.members),
      },
      {
        id: "balance",
        header: t("groups.balance-meters"),
        width: 176,
        end: true,
        text: ({ group }) => f.number(group.balanceMeters),
      },
      {
        id: "children",
        header: t("groups.children"),
        width: 184,
        end: true,
        text: ({ group }) => f.number(group.children),
      },
    ],
    [t, f, at],
  );
}
