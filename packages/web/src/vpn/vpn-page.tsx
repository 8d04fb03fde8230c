import { Button, Checkbox, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type TunnelList } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { Mark, type Tone } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { fold } from "../text/fold.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { HostPanel } from "./host-panel.tsx";
import { NetworksPanel } from "./networks-panel.tsx";
import { type Opened, TunnelDialog } from "./tunnel-dialog.tsx";

export type Tunnel = TunnelList["rows"][number];

const tunnelsQuery = queryOptions({
  queryKey: ["tunnels"],
  queryFn: ({ signal }) => api.tunnels(signal),
  refetchInterval: 30_000,
});

const marks: Record<Tunnel["state"], [shape: string, tone: Tone]> = {
  linked: ["●", "ok"],
  silent: ["■", "bad"],
  never: ["◌", "muted"],
  revoked: ["×", "muted"],
};
/** More rows help nobody who looks for one. */
const shownMax = 200;

/** Tunnels of devices that call in: how each stands, whose it is, and by when its keys should be new. */
export function VpnPage() {
  const { t } = useLocale();
  const tunnels = useQuery(tunnelsQuery);
  return (
    <>
      <PageHead crumbs={[{ label: t("nav.admin") }, { label: t("nav.vpn") }]} title={t("nav.vpn")} />
      <div className="e-stack">
        {tunnels.isPending ? <Waiting label={t("vpn.loading")} /> : null}
        {tunnels.isError ? (
          <ProblemNotice error={tunnels.error} onRetry={() => void tunnels.refetch()} />
        ) : null}
        {tunnels.data?.settings === null ? (
          <section className="e-panel">
            <EmptyNotice title={t("vpn.not-set-up")}>
              <code className="e-break">{t("vpn.set-up-how")}</code>
            </EmptyNotice>
          </section>
        ) : null}
        {tunnels.data?.settings ? (
          <>
            <Tunnels rows={tunnels.data.rows} />
            <HostPanel settings={tunnels.data.settings} />
          </>
        ) : null}
        <NetworksPanel />
      </div>
    </>
  );
}

function Tunnels({ rows }: { readonly rows: readonly Tunnel[] }) {
  const { t } = useLocale();
  const may = useMay();
  const [filter, setFilter] = useState("");
  const [revokedToo, setRevokedToo] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const wanted = fold(filter);
  const found = rows.filter(
    (row) =>
      (revokedToo || row.state !== "revoked") &&
      fold([row.identity, row.label, row.pod, ...row.branch, row.address].join(" ")).includes(wanted),
  );
  const countOf = (is: (row: Tunnel) => boolean) => rows.filter(is).length;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("vpn.of-devices")}</h2>
        {may("vpn.change") ? (
          <Button size="xs" onClick={() => setOpened({ what: "add" })}>
            {t("vpn.add")}
          </Button>
        ) : null}
      </div>
      <div className="e-panel-body e-stack">
        <p className="e-muted" role="status">
          {t("vpn.count", {
            linked: countOf(({ state }) => state === "linked"),
            silent: countOf(({ state }) => state === "silent"),
            never: countOf(({ state }) => state === "never"),
            due: countOf(({ rotationDue }) => rotationDue),
          })}
        </p>
        <div className="e-row">
          <TextInput
            data-filter
            aria-label={t("vpn.filter")}
            placeholder={t("vpn.filter")}
            style={{ flex: "1 1 240px", maxWidth: 360 }}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <Checkbox
            label={t("vpn.show-revoked")}
            checked={revokedToo}
            onChange={(event) => setRevokedToo(event.currentTarget.checked)}
          />
        </div>
        {found.length === 0 ? (
          <p className="e-muted">{t(rows.length === 0 ? "vpn.none" : "vpn.none-match")}</p>
        ) : null}
        {found.length > shownMax ? (
          <p className="e-muted">{t("vpn.shown-of", { shown: shownMax, total: found.length })}</p>
        ) : null}
      </div>
      {found.length > 0 ? (
        <TunnelTable rows={found.slice(0, shownMax)} open={may("vpn.change") ? setOpened : undefined} />
      ) : null}
      <TunnelDialog opened={opened} onClose={() => setOpened(undefined)} />
    </section>
  );
}

function TunnelTable(props: {
  readonly rows: readonly Tunnel[];
  readonly open: ((opened: Opened) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const nowMs = useNow(30_000);
  const columns = ["device", "site", "state", "address", "last", "rotate-by"] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("vpn.of-devices")}>
      <table className="e-list-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`vpn.${column}`)}
              </th>
            ))}
            {props.open ? <th scope="col">{t("vpn.actions")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => {
            const [shape, tone] = marks[row.state];
            const name = row.identity ?? row.label;
            const lastMs = row.lastHandshakeAt ? Date.parse(row.lastHandshakeAt) : undefined;
            return (
              <tr key={row.tunnelId}>
                <td>
                  <strong>{name}</strong>
                  {row.label === name ? null : <div className="e-muted e-small">{row.label}</div>}
                </td>
                <td>
                  {row.pod ?? noValue}
                  <div className="e-muted e-small">{row.branch.join(" › ")}</div>
                </td>
                <td>
                  <Mark shape={shape} tone={tone}>
                    {t(`vpn.state-${row.state}`)}
                  </Mark>
                </td>
                <td className="e-nowrap">{row.address}</td>
                <td className="e-nowrap" title={lastMs === undefined ? undefined : f.instant(lastMs)}>
                  {lastMs === undefined ? noValue : f.ago(lastMs, nowMs)}
                  <div className="e-muted e-small">
                    {f.bytes(row.receivedBytes)} / {f.bytes(row.sentBytes)}
                  </div>
                </td>
                <td className="e-nowrap">
                  {row.rotationDue ? (
                    <Mark shape="▲" tone="warning">
                      {f.day(row.rotateBy)} · {t("vpn.due")}
                    </Mark>
                  ) : (
                    f.day(row.rotateBy)
                  )}
                </td>
                {props.open ? (
                  <td>
                    {row.state === "revoked" ? null : (
                      <div className="e-row" style={{ gap: 4 }}>
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={t("vpn.rotate-of", { name })}
                          disabled={row.identity === null}
                          onClick={() => props.open?.({ what: "rotate", row })}
                        >
                          {t("vpn.rotate")}
                        </Button>
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={t("vpn.revoke-of", { name })}
                          onClick={() => props.open?.({ what: "revoke", row })}
                        >
                          {t("vpn.revoke")}
                        </Button>
                      </div>
                    )}
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
