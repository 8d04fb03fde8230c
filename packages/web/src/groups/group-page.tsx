import "../attributes/texts.ts";
import "./texts.ts";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, fileAddress, type Group, type GroupChangeAsked } from "../api/client.ts";
import { ItsLog } from "../log/its-log.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { AtField, atQuery } from "./at-field.tsx";
import { ChangeDialog } from "./change-dialog.tsx";
import { FindingList, GroupLink } from "./checks-panel.tsx";
import { GroupBalance } from "./group-balance.tsx";
import { GroupLog } from "./group-log.tsx";
import { MemberTable, PointTable } from "./member-table.tsx";
import { MoveDialog, RemoveDialog } from "./place-dialogs.tsx";
import { PlanDialog } from "./plan-dialog.tsx";
import { RulePanel } from "./rule-panel.tsx";
import type { GroupSearch } from "./search.ts";

type Asking = Pick<GroupChangeAsked, "side"> & { readonly mode?: GroupChangeAsked["mode"] };

/** One group: its balance, balance meters, members as of a day, what is wrong with it, and every change with a way back. */
export function GroupPage() {
  const { t, zone } = useLocale();
  const { groupId } = useParams({ from: "/inside/cfg/groups/$groupId" });
  const search = useSearch({ from: "/inside/cfg/groups/$groupId" });
  const navigate = useNavigate();
  const may = useMay();
  const [placing, setPlacing] = useState<"move" | "remove" | "plan">();
  const change = (next: GroupSearch) =>
    void navigate({ to: "/cfg/groups/$groupId", params: { groupId }, search: next, replace: true });
  const query = useQuery({
    queryKey: ["groups", groupId, search.at ?? "now"],
    queryFn: ({ signal }) => api.group(groupId, atQuery(search.at, zone), signal),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.groups"), to: "/cfg/groups" }];
  const group = query.data;
  if (query.isPending) return <Waiting label={t("groups.loading")} />;
  if (!group)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.groups")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: group.name }]}
        title={group.name}
        aside={
          <span className="e-row e-small">
            <span className="e-muted">{t(`group-kind.${group.kind}`)}</span>
            <span className="e-muted">{group.branch.join(" › ") || t("groups.whole-network")}</span>
            <AtField
              value={search.at}
              onChange={(at) => {
                const { at: _old, ...rest } = search;
                change(at ? { ...rest, at } : rest);
              }}
            />
          </span>
        }
        actions={
          <>
            {may("groups.change") ? (
              <>
                <Button variant="default" size="xs" onClick={() => setPlacing("move")}>
                  {t("group-move.title")}
                </Button>
                <Button variant="default" size="xs" onClick={() => setPlacing("remove")}>
                  {t("group-remove.title")}
                </Button>
              </>
            ) : null}
            {may("devices.change") && group.members > 0 && search.at === undefined ? (
              <Button variant="default" size="xs" onClick={() => setPlacing("plan")}>
                {t("plan.change")}
              </Button>
            ) : null}
            <ItsLog search={{ object: "point_group", id: String(groupId) }} />
          </>
        }
      />
      {placing === "move" ? <MoveDialog group={group} onClose={() => setPlacing(undefined)} /> : null}
      {placing === "plan" ? <PlanDialog group={group} onClose={() => setPlacing(undefined)} /> : null}
      {placing === "remove" ? <RemoveDialog group={group} onClose={() => setPlacing(undefined)} /> : null}
      <GroupParts key={groupId} group={group} search={search} change={change} />
    </>
  );
}

function GroupParts(props: {
  readonly group: Group;
  readonly search: GroupSearch;
  readonly change: (next: GroupSearch) => void;
}) {
  const { t, f, zone } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const { group, search } = props;
  const [asking, setAsking] = useState<Asking>();
  const fresh = () => queries.invalidateQueries({ queryKey: ["groups"] });
  const undo = useMutation({
    mutationFn: (changeId: number) =>
      api.undoGroupChange(group.groupId, changeId, { reason: t("change.undo") }),
    onSuccess: async () => {
      notifications.show({ message: t("change.undone") });
      await fresh();
    },
  });
  const done = async (changeId: number | null) => {
    setAsking(undefined);
    await fresh();
    if (changeId === null) return;
    const id = `change-${changeId}`;
    notifications.show({
      id,
      autoClose: 10_000,
      message: (
        <span className="e-row">
          {t("change.done")}
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo.mutate(changeId);
            }}
          >
            {t("change.undo")}
          </Button>
        </span>
      ),
    });
  };
  const mayChange = may("groups.change");
  return (
    <div className="e-stack">
      {asking ? (
        <ChangeDialog
          group={group}
          side={asking.side}
          {...(asking.mode ? { mode: asking.mode } : {})}
          onClose={() => setAsking(undefined)}
          onDone={(changeId) => void done(changeId)}
        />
      ) : null}
      {undo.isError ? <ProblemNotice error={undo.error} /> : null}
      {group.findings.length > 0 ? (
        <section className="e-notice" data-tone="warning" aria-label={t("groups.checks")}>
          <FindingList findings={group.findings} withKind />
        </section>
      ) : null}
      <GroupBalance groupId={group.groupId} search={search} change={props.change} />
      <div className="e-halves">
        <section className="e-panel" aria-labelledby="members">
          <div className="e-panel-head">
            <h2 id="members">
              {t("groups.members")} <span className="e-muted e-num">{f.number(group.members)}</span>
            </h2>
            <span className="e-row">
              <Button
                component="a"
                download
                variant="default"
                size="xs"
                href={fileAddress(`/groups/${group.groupId}/members.csv`, atQuery(search.at, zone))}
              >
                {t("groups.file")}
              </Button>
              {mayChange && group.rule ? (
                <Button size="xs" onClick={() => setAsking({ side: "members", mode: "rule" })}>
                  {t("groups.apply-rule")}
                </Button>
              ) : null}
              {mayChange ? (
                <Button
                  size="xs"
                  {...(group.rule ? { variant: "default" } : {})}
                  onClick={() => setAsking({ side: "members", mode: "add" })}
                >
                  {t("groups.change-members")}
                </Button>
              ) : null}
            </span>
          </div>
          <MemberTable group={group} at={search.at} />
        </section>
        <div className="e-stack">
          <section className="e-panel" aria-labelledby="balance-meters">
            <div className="e-panel-head">
              <h2 id="balance-meters">{t("groups.balance-meters")}</h2>
              {mayChange ? (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => setAsking({ side: "balance", mode: "add" })}
                >
                  {t("groups.change-balance")}
                </Button>
              ) : null}
            </div>
            {group.balance.length === 0 ? (
              <p className="e-panel-body e-muted">{t("groups.no-balance")}</p>
            ) : (
              <PointTable label={t("groups.balance-meters")} points={group.balance} />
            )}
          </section>
          {group.kind === "free" ? <RulePanel group={group} /> : null}
          <Around group={group} />
          <GroupLog changes={group.changes} onUndo={mayChange ? (id) => undo.mutate(id) : undefined} />
        </div>
      </div>
    </div>
  );
}

/** Groups above and below. */
function Around({ group }: { readonly group: Group }) {
  const { t, f } = useLocale();
  if (group.path.length === 0 && group.below.length === 0) return null;
  return (
    <section className="e-panel" aria-labelledby="around">
      <div className="e-panel-head">
        <h2 id="around">{t("groups.facts")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        {group.path.length > 0 ? (
          <span>
            <span className="e-muted e-small">{t("groups.above")} </span>
            {group.path.map((above, nth) => (
              <span key={above.groupId}>
                {nth > 0 ? " › " : ""}
                <GroupLink groupId={above.groupId} name={above.name} />
              </span>
            ))}
          </span>
        ) : null}
        {group.below.length > 0 ? (
          <>
            <span className="e-muted e-small">
              {t("groups.below")}. {t("groups.below-note")}
            </span>
            <ul className="e-check-findings">
              {group.below.map((below) => (
                <li key={below.groupId}>
                  <Link
                    to="/cfg/groups/$groupId"
                    params={{ groupId: below.groupId }}
                    search={{}}
                    className="e-target"
                  >
                    {below.name}
                  </Link>
                  <span className="e-muted e-small e-num">
                    {t(`group-kind.${below.kind}`)} · {t("groups.members")} {f.number(below.members)}
                  </span>
                  {below.balanceMeters === 0 ? (
                    <Mark shape="▲" tone="warning">
                      {t("check.no-balance-meter")}
                    </Mark>
                  ) : null}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </section>
  );
}
