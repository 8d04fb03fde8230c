import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, type Group } from "../api/client.ts";
import { DataTable, type TableColumn } from "../parts/data-table.tsx";
import { EmptyNotice } from "../parts/notices.tsx";
import { useServerRows } from "../parts/row-source.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { atQuery } from "./at-field.tsx";

type GroupPoint = Group["balance"][number];

const signText = (sign: GroupPoint["sign"]) => (sign === 1 ? "+1" : "−1");

/** Members as of a day: rows come as they are looked at, so a group may have a hundred thousand. */
export function MemberTable(props: { readonly group: Group; readonly at: string | undefined }) {
  const { t, f, zone } = useLocale();
  const navigate = useNavigate();
  const { group, at } = props;
  const rows = useServerRows(["groups", group.groupId, "members", at ?? "now"], (offset, limit, signal) =>
    api.groupMembers(group.groupId, { ...atQuery(at, zone), offset, limit }, signal),
  );
  const columns = useMemo<readonly TableColumn<GroupPoint>[]>(
    () => [
      {
        id: "pod",
        header: t("groups.pod"),
        width: 156,
        grow: 1,
        text: ({ pod }) => pod,
        cell: ({ pointId, pod }) => <PointLink pointId={pointId} pod={pod} />,
      },
      { id: "sign", header: t("groups.sign"), width: 70, end: true, text: ({ sign }) => signText(sign) },
      {
        id: "since",
        header: t("groups.since"),
        width: 184,
        end: true,
        text: ({ from }) => f.instant(Date.parse(from)),
      },
      {
        id: "name",
        header: t("groups.point-name"),
        width: 150,
        grow: 1,
        text: ({ name }) => name || noValue,
      },
      {
        id: "address",
        header: t("groups.address"),
        width: 180,
        grow: 2,
        text: ({ address }) => address || noValue,
      },
      {
        id: "serial",
        header: t("groups.serial"),
        width: 110,
        hidden: true,
        text: ({ serial }) => serial ?? noValue,
      },
      {
        id: "until",
        header: t("groups.until"),
        width: 150,
        end: true,
        hidden: true,
        text: ({ to }) => (to === null ? noValue : f.instant(Date.parse(to))),
      },
    ],
    [t, f],
  );
  return (
    <div className="e-panel-body">
      <DataTable
        name="group-members"
        label={t("groups.members")}
        columns={columns}
        rows={rows}
        onOpen={({ pointId }) => void navigate({ to: "/points/$pointId", params: { pointId }, search: {} })}
        height="min(560px, 60dvh)"
        empty={<EmptyNotice title={t("groups.no-members")}>{t("groups.no-members-do")}</EmptyNotice>}
      />
    </div>
  );
}

function PointLink({ pointId, pod }: Pick<GroupPoint, "pointId" | "pod">) {
  const may = useMay();
  if (!may("points.see")) return <span className="e-num">{pod}</span>;
  return (
    <Link
      to="/points/$pointId"
      params={{ pointId }}
      search={{}}
      tabIndex={-1}
      className="e-num e-target"
      onClick={(event) => event.stopPropagation()}
    >
      {pod}
    </Link>
  );
}

/** A few points, such as the balance meters. */
export function PointTable(props: { readonly label: string; readonly points: readonly GroupPoint[] }) {
  const { t, f } = useLocale();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={props.label}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("groups.pod")}</th>
            <th scope="col">{t("groups.serial")}</th>
            <th scope="col">{t("groups.sign")}</th>
            <th scope="col">{t("groups.since")}</th>
          </tr>
        </thead>
        <tbody>
          {props.points.map((point) => (
            <tr key={point.pointId}>
              <td>
                <PointLink pointId={point.pointId} pod={point.pod} />
                <div className="e-muted e-small">{point.name}</div>
              </td>
              <td className="e-num e-nowrap">{point.serial ?? noValue}</td>
              <td className="e-num">{signText(point.sign)}</td>
              <td className="e-nowrap">{f.instant(Date.parse(point.from))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
