import "./texts.ts";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, type DatabaseOverview } from "../api/client.ts";
import { Backups } from "../health/backups.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { Address } from "./address.tsx";
import { Analysts } from "./analysts.tsx";
import { Pools } from "./pools.tsx";
import { Privileges } from "./privileges.tsx";
import { Retention } from "./retention.tsx";
import { TrialSteps } from "./trial-steps.tsx";

/** How processes and analysts reach the database, and what each may do there. */
export function DatabasePage() {
  const { t, f } = useLocale();
  const query = useQuery({
    queryKey: ["database"],
    queryFn: ({ signal }) => api.database(signal),
    refetchInterval: 60_000,
  });
  const overview = query.data;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.database") }]}
        title={t("nav.database")}
        aside={
          overview ? (
            <span className="e-small e-num e-muted">
              {t("common.as-of", { time: f.time(Date.parse(overview.asOf)) })}
            </span>
          ) : undefined
        }
      />
      <div className="e-stack">
        {query.isPending ? <Waiting label={t("database.loading")} /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {overview ? (
          <>
            <div className="e-halves">
              <div className="e-stack">
                <Connection overview={overview} />
                <Address overview={overview} />
              </div>
              <div className="e-stack">
                <Analysts overview={overview} />
                <Backups backup={overview.backup} />
              </div>
            </div>
            <Pools overview={overview} />
            <Retention />
            <Roles overview={overview} />
            <Programs overview={overview} />
            <Privileges overview={overview} />
          </>
        ) : null}
      </div>
    </>
  );
}

interface Part {
  readonly overview: DatabaseOverview;
}

function Connection({ overview }: Part) {
  const { t, f } = useLocale();
  const may = useMay();
  const attempt = useMutation({ mutationFn: () => api.tryDatabase({}) });
  const { server } = overview;
  return (
    <section className="e-panel" aria-labelledby="database-server">
      <div className="e-panel-head">
        <h2 id="database-server">{t("database.server")}</h2>
        {may("database.command") ? (
          <Button size="xs" variant="default" onClick={() => attempt.mutate()} loading={attempt.isPending}>
            {t("database.try")}
          </Button>
        ) : null}
      </div>
      <dl className="e-facts e-panel-body">
        <Fact name="database.host">
          <span className="e-break">{`${server.host}:${server.port}`}</span>
        </Fact>
        <Fact name="database.name">{server.database}</Fact>
        <Fact name="database.role">{server.role}</Fact>
        <Fact name="database.tls">
          <Tls tls={server.tls} local={server.host.startsWith("/")} />
        </Fact>
        <Fact name="database.version">{server.version}</Fact>
        <Fact name="database.size">{f.bytes(server.bytes)}</Fact>
        <Fact name="database.used">
          {t("database.of", { used: f.number(server.connectionsUsed), max: f.number(server.connectionsMax) })}
        </Fact>
      </dl>
      <div role="status">
        {attempt.isError ? <ProblemNotice error={attempt.error} /> : null}
        {attempt.data ? <TrialSteps trial={attempt.data} /> : null}
      </div>
    </section>
  );
}

function Fact(props: { readonly name: MessageKey; readonly children: ReactNode }) {
  const { t } = useLocale();
  return (
    <>
      <dt>{t(props.name)}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function Tls(props: { readonly tls: boolean; readonly local: boolean }) {
  const { t } = useLocale();
  if (props.tls)
    return (
      <Mark shape="●" tone="ok">
        {t("database.tls-on")}
      </Mark>
    );
  if (props.local) return t("database.by-socket");
  return (
    <Mark shape="▲" tone="warning">
      {t("database.tls-off")}
    </Mark>
  );
}

function Roles({ overview }: Part) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="database-roles">
      <div className="e-panel-head">
        <h2 id="database-roles">{t("database.roles")}</h2>
      </div>
      <Scrolled label={t("database.roles")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("database.role")}</th>
              <th scope="col">{t("database.state")}</th>
              <th scope="col" className="e-num">
                {t("database.used")}
              </th>
              <th scope="col">{t("database.settings")}</th>
            </tr>
          </thead>
          <tbody>
            {overview.roles.map((role) => (
              <tr key={role.role}>
                <th scope="row">
                  {role.role}
                  <div className="e-small e-muted">{t(`database.role-${role.role}` as MessageKey)}</div>
                </th>
                <td>
                  {role.present ? (
                    <Mark shape={role.signsIn ? "●" : "–"} tone={role.signsIn ? "ok" : "muted"}>
                      {t(role.signsIn ? "database.signs-in" : "database.no-sign-in")}
                    </Mark>
                  ) : (
                    <Mark shape="■" tone="bad">
                      {t("database.absent")}
                    </Mark>
                  )}
                  {role.validUntil === null || !role.signsIn ? null : (
                    <div className="e-small">
                      {t("database.until", { time: f.instant(Date.parse(role.validUntil)) })}
                    </div>
                  )}
                </td>
                <td className="e-num">
                  {f.number(role.connections)}
                  {role.tlsConnections > 0 ? ` (${f.number(role.tlsConnections)} TLS)` : ""}
                </td>
                <td className="e-small">
                  {role.settings.filter((setting) => !setting.startsWith("search_path")).join(", ") ||
                    noValue}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function Programs({ overview }: Part) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="database-programs">
      <div className="e-panel-head">
        <h2 id="database-programs">{t("database.programs")}</h2>
      </div>
      <Scrolled label={t("database.programs")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("database.program")}</th>
              <th scope="col">{t("database.role")}</th>
              <th scope="col">{t("database.address")}</th>
              <th scope="col">{t("database.tls")}</th>
              <th scope="col" className="e-num">
                {t("database.used")}
              </th>
              <th scope="col">{t("database.since")}</th>
            </tr>
          </thead>
          <tbody>
            {overview.programs.map((one) => (
              <tr key={`${one.role} ${one.program} ${one.address}`}>
                <td>{one.program || noValue}</td>
                <td>{one.role || noValue}</td>
                <td>{one.address ?? t("database.by-socket")}</td>
                <td>
                  <Tls tls={one.tls} local={one.address === null} />
                </td>
                <td className="e-num">{f.number(one.connections)}</td>
                <td>{f.instant(Date.parse(one.oldestAt))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
