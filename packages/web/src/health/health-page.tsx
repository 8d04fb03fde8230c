import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type SystemHealth } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { Backups } from "./backups.tsx";
import { LevelMark } from "./level-mark.tsx";
import { boundWords, valueWords } from "./measure-words.ts";
import { SparkLine } from "./spark-line.tsx";

type Measure = SystemHealth["measures"][number];

const refreshMs = 10_000;
const staleMs = 60_000;

/** How the system itself stands: each measure with its bounds and its last day, what is not good first. */
export function HealthPage() {
  const { t, f } = useLocale();
  const nowMs = useNow(5_000);
  const query = useQuery({
    queryKey: ["system-health"],
    queryFn: ({ signal }) => api.systemHealth(signal),
    refetchInterval: refreshMs,
  });
  const crumbs = [{ label: t("nav.admin") }, { label: t("nav.health") }];
  const health = query.data;
  if (!health)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.health")} />
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        )}
      </>
    );
  const asOfMs = Date.parse(health.asOf);
  const stale = nowMs - asOfMs > staleMs;
  const wrong = health.measures.filter(({ level }) => level === "bad" || level === "warning");
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={t("nav.health")}
        aside={
          <span className={`e-small e-num ${stale ? "e-stale" : "e-muted"}`}>
            {stale ? "◌ " : ""}
            {t(stale ? "common.stale" : "common.as-of", { time: f.time(asOfMs) })}
          </span>
        }
      />
      <div className="e-stack">
        <section className="e-panel" aria-labelledby="health-wrong">
          <div className="e-panel-head">
            <h2 id="health-wrong">{t("health.wrong")}</h2>
            <LevelMark level={health.level} />
          </div>
          {wrong.length === 0 ? (
            <EmptyNotice title={t("health.wrong-none")} />
          ) : (
            <Measures measures={wrong} health={health} />
          )}
        </section>
        <section className="e-panel" aria-labelledby="health-all">
          <div className="e-panel-head">
            <h2 id="health-all">{t("health.all")}</h2>
          </div>
          <Measures measures={health.measures} health={health} />
        </section>
        <div className="e-halves">
          <Roles roles={health.roles} />
          <div className="e-stack">
            <Backups backup={health.backup} />
            <Certificate certificate={health.certificate} />
            {health.replicas.length > 0 ? <Replicas replicas={health.replicas} /> : null}
          </div>
        </div>
      </div>
    </>
  );
}

function Measures(props: { readonly measures: readonly Measure[]; readonly health: SystemHealth }) {
  const { t, f } = useLocale();
  return (
    <Scrolled label={t("nav.health")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("health.measure")}</th>
            <th scope="col">{t("health.state")}</th>
            <th scope="col" className="e-num">
              {t("health.value")}
            </th>
            <th scope="col">{t("health.bounds")}</th>
            <th scope="col">{t("health.day")}</th>
          </tr>
        </thead>
        <tbody>
          {props.measures.map((measure) => (
            <tr key={measure.name}>
              <th scope="row">
                <MeasureName measure={measure} />
                {measure.code === null ? null : (
                  <div className="e-small">
                    {t(problemWords(measure.code).what)} <span className="e-muted">({measure.code})</span>
                  </div>
                )}
              </th>
              <td>
                <LevelMark level={measure.level} />
              </td>
              <td className="e-num">{valueWords(t, f, measure, measure.value)}</td>
              <td className="e-small">{boundWords(t, f, measure) ?? <span className="e-muted">–</span>}</td>
              <td>
                <SparkLine
                  history={props.health.history.find(({ name }) => name === measure.name)}
                  say={(value) => valueWords(t, f, measure, value)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

/** Measures that have a list behind them lead there. */
function MeasureName({ measure }: { readonly measure: Measure }) {
  const { t } = useLocale();
  const words = t(`health.m-${measure.name}` as MessageKey);
  if (measure.group === "people") return <Link to="/adm/users">{words}</Link>;
  if (measure.group === "devices" || measure.group === "queue") return <Link to="/op">{words}</Link>;
  return words;
}

function Roles(props: { readonly roles: SystemHealth["roles"] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="health-roles">
      <div className="e-panel-head">
        <h2 id="health-roles">{t("health.roles")}</h2>
      </div>
      <Scrolled label={t("health.roles")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("health.role")}</th>
              <th scope="col">{t("health.program")}</th>
              <th scope="col" className="e-num">
                {t("health.connections")}
              </th>
              <th scope="col" className="e-num">
                {t("health.long")}
              </th>
            </tr>
          </thead>
          <tbody>
            {props.roles.map(({ role, program, connections, longTransactions }) => (
              <tr key={`${role} ${program}`}>
                <td>{role || "–"}</td>
                <td>{program || "–"}</td>
                <td className="e-num">{f.number(connections)}</td>
                <td className="e-num">{f.number(longTransactions)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function Certificate({ certificate }: { readonly certificate: SystemHealth["certificate"] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="health-certificate">
      <div className="e-panel-head">
        <h2 id="health-certificate">{t("health.certificate")}</h2>
      </div>
      <div className="e-panel-body e-small">
        {certificate.fingerprint === null || certificate.endsAt === null ? (
          t("health.no-tls")
        ) : (
          <>
            <p>
              {t(certificate.own ? "health.own" : "health.files")} ·{" "}
              {t("health.ends", { time: f.instant(Date.parse(certificate.endsAt)) })}
            </p>
            <p className="e-muted" style={{ overflowWrap: "anywhere" }}>
              SHA-256 {certificate.fingerprint}
            </p>
          </>
        )}
      </div>
    </section>
  );
}

function Replicas(props: { readonly replicas: SystemHealth["replicas"] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="health-replicas">
      <div className="e-panel-head">
        <h2 id="health-replicas">{t("health.replicas")}</h2>
      </div>
      <table className="e-list-table">
        <tbody>
          {props.replicas.map(({ name, state, lagSeconds }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{state}</td>
              <td className="e-num">{f.duration((lagSeconds ?? 0) * 1_000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
