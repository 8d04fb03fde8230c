import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { api, type Concentrator, fileAddress } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { TaskButton } from "../field-work/task-button.tsx";
import { TasksOf } from "../field-work/task-line.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { AttemptMark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { eventKey } from "../text/event-words.ts";
import { problemWords } from "../text/problem-words.ts";
import { type Translate, useLocale } from "../text/provider.tsx";
import { type Formats, noValue } from "../time/format.ts";
import { ConcentratorActions } from "./concentrator-actions.tsx";
import { DifferencesPanel } from "./differences-panel.tsx";
import { ConcentratorMark, SupplyMark } from "./marks.tsx";
import { RequestProgress, requestKindOf } from "./request-progress.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { TopologyTree } from "./topology-tree.tsx";
import { WasBefore, WasData } from "./was-panel.tsx";

const shownMax = 12;

/** One concentrator: how it stands and why, what is behind it, and what is different from what we know; also as it was on a day. */
export function ConcentratorPage() {
  const { t } = useLocale();
  const { gatewayId } = useParams({ from: "/inside/cfg/equipment/$gatewayId" });
  const { on } = useSearch({ from: "/inside/cfg/equipment/$gatewayId" });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["equipment", gatewayId, on ?? "now"],
    queryFn: ({ signal }) => api.concentrator(gatewayId, signal, on),
    refetchInterval: on === undefined && 60_000,
  });
  const onDate = (
    <OnDate
      on={on}
      what={t("gateway-was.rest")}
      onChange={(next) =>
        void navigate({
          to: "/cfg/equipment/$gatewayId",
          params: { gatewayId },
          search: next === undefined ? {} : { on: next },
          replace: true,
        })
      }
    />
  );
  const found = query.data;
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.equipment"), to: "/cfg/equipment" }];
  if (query.isPending) return <Waiting label={t("equipment.loading")} />;
  if (!found)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.equipment")} />
        {on === undefined ? null : onDate}
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const name = found.name || found.identity;
  const log = <ItsLog search={{ object: "gateway", id: String(found.gatewayId) }} />;
  if (on !== undefined)
    return (
      <>
        <PageHead crumbs={[...crumbs, { label: name }]} title={name} actions={log} />
        <div className="e-stack">
          {onDate}
          <WasData concentrator={found} />
          <WasBefore concentrator={found} />
        </div>
      </>
    );
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: name }]}
        title={name}
        aside={
          <span className="e-row">
            <ConcentratorMark state={found.state} />
            <SupplyMark supply={found.supply} />
            <span className="e-muted e-small">{found.branch.join(" › ")}</span>
          </span>
        }
        actions={
          <>
            <TaskButton
              source={{ gatewayId: found.gatewayId }}
              where={name}
              kind="communication"
              place={{ gateway: found.gatewayId }}
            />
            <ConcentratorActions concentrator={found} />
            {log}
          </>
        }
      />
      <div className="e-stack">
        {onDate}
        <Cause concentrator={found} />
        <TasksOf query={{ gateway: found.gatewayId }} />
        <RequestProgress concentrator={found} nowMs={query.dataUpdatedAt} />
        <div className="e-halves">
          <section className="e-panel" aria-labelledby="topology">
            <div className="e-panel-head">
              <h2 id="topology">{t("equipment.topology")}</h2>
              <a href={fileAddress(`/equipment/${found.gatewayId}/meters.csv`, {})} download>
                {t("meters.csv")}
              </a>
            </div>
            {found.meterList.length === 0 ? (
              <EmptyNotice title={t("equipment.no-topology")} />
            ) : (
              <div className="e-panel-body">
                <TopologyTree meters={found.meterList} />
              </div>
            )}
          </section>
          <div className="e-stack">
            <WasData concentrator={found} />
            <Facts concentrator={found} />
            <DifferencesPanel concentrator={found} />
            <SettingsPanel concentrator={found} />
            <Events rows={found.events} />
            <Exchanges rows={found.attempts} />
          </div>
        </div>
        <WasBefore concentrator={found} />
      </div>
    </>
  );
}

/** Why it is silent, as far as it can be told, and what to look at first. */
function Cause({ concentrator }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  const { state, lastContactAt, shutdownAt, supply } = concentrator;
  const when = (at: string | null) => (at === null ? noValue : f.instant(Date.parse(at)));
  if (state === "online") return null;
  return (
    <div className="e-notice" data-tone={state === "silent" ? undefined : "warning"} role="status">
      {state === "shutdown" ? (
        <span>
          {t("equipment.cause-shutdown", {
            time: when(shutdownAt),
            supply: t(`equipment.supply-${supply}`),
          })}
        </span>
      ) : state === "silent" ? (
        <span>{t("equipment.cause-silent", { time: when(lastContactAt) })}</span>
      ) : state === "retired" ? (
        <span>
          {t("equipment.is-retired")}{" "}
          {concentrator.replacedBy === null ? null : (
            <>
              {t("equipment.replaced-by")}{" "}
              <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: concentrator.replacedBy }}>
                {t("equipment.replacement")}
              </Link>
            </>
          )}
        </span>
      ) : (
        <span>{t("equipment.in-quarantine")}</span>
      )}
    </div>
  );
}

function Facts({ concentrator: found }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  const when = (at: string | null) => (at === null ? noValue : f.instant(Date.parse(at)));
  const facts: readonly (readonly [label: string, value: string])[] = [
    [t("equipment.contact"), when(found.lastContactAt)],
    [t("equipment.hand-over"), when(found.lastHandOverAt)],
    [
      t("equipment.journal"),
      t("equipment.journal-value", {
        stored: f.number(found.storedEntry),
        newest: f.number(found.newestEntry),
        oldest: f.number(found.oldestEntry),
      }),
    ],
    [t("equipment.taken"), f.number(found.takenEntry)],
    [t("equipment.poison"), f.number(found.poisonEntries)],
    [t("equipment.link"), found.remoteAddress ?? noValue],
    ...statusFacts(found, t, f),
    [t("equipment.firmware"), found.firmware || noValue],
    [
      t("equipment.adopted"),
      found.adoptedBy === null
        ? noValue
        : t("equipment.adopted-value", { name: found.adoptedBy, time: when(found.adoptedAt) }),
    ],
    ...(found.retiredBy === null
      ? []
      : [
          [
            t("equipment.retired"),
            t("equipment.retired-value", { name: found.retiredBy, time: when(found.retiredAt) }),
          ] as const,
        ]),
    [t("equipment.first-seen"), when(found.firstSeenAt)],
  ];
  return (
    <section className="e-panel" aria-labelledby="facts">
      <div className="e-panel-head">
        <h2 id="facts">{t("equipment.facts")}</h2>
      </div>
      <dl className="e-panel-body e-facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: "contents" }}>
            <dt>{label}</dt>
            <dd className="e-num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const storeUnbounded = 65_535;

/** What it said of itself when it was asked last. */
function statusFacts(
  { status, supply }: Concentrator,
  t: Translate,
  f: Formats,
): readonly (readonly [label: string, value: string])[] {
  if (!status) return [];
  const { modem, signalDbm, batteryPercent, storeDaysLeft, starts, lastStart } = status;
  const state = t(`equipment.modem-${modem}`);
  return [
    [
      t("equipment.modem"),
      signalDbm === null ? state : t("equipment.modem-signal", { state, dbm: f.number(signalDbm) }),
    ],
    ...(supply === "unknown" ? [] : [[t("equipment.battery"), `${f.number(batteryPercent)} %`] as const]),
    [
      t("equipment.store-left"),
      storeDaysLeft === storeUnbounded
        ? t("equipment.store-unbounded")
        : t("equipment.store-days", { days: storeDaysLeft }),
    ],
    [
      t("equipment.starts"),
      t("equipment.starts-value", {
        count: f.number(starts),
        time: lastStart === null ? noValue : f.instant(Date.parse(lastStart)),
      }),
    ],
  ];
}

function Events({ rows }: { readonly rows: Concentrator["events"] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="events">
      <div className="e-panel-head">
        <h2 id="events">{t("equipment.events")}</h2>
      </div>
      {rows.length === 0 ? <p className="e-panel-body e-muted">{t("equipment.events-none")}</p> : null}
      <ul className="e-panel-body e-stack e-small" style={{ gap: 6 }}>
        {rows.slice(0, shownMax).map((row) => {
          const words = eventKey(row.eventName);
          return (
            <li key={`${row.at} ${row.code}`}>
              <time className="e-num e-muted" dateTime={row.at}>
                {f.instant(Date.parse(row.at))}
              </time>{" "}
              {words ? t(words) : row.code}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Exchanges({ rows }: { readonly rows: Concentrator["attempts"] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="exchanges">
      <div className="e-panel-head">
        <h2 id="exchanges">{t("equipment.exchanges")}</h2>
      </div>
      {rows.length === 0 ? <p className="e-panel-body e-muted">{t("equipment.exchanges-none")}</p> : null}
      <ul className="e-panel-body e-stack e-small" style={{ gap: 6 }}>
        {rows.slice(0, shownMax).map((row) => (
          <li key={row.attemptId} className="e-row">
            <time className="e-num e-muted" dateTime={row.requestedAt}>
              {f.instant(Date.parse(row.requestedAt))}
            </time>
            <AttemptMark state={row.state} />
            <AskedWords attempt={row} />
            <span className="e-muted e-num">
              {f.bytes(row.bytesSent)} / {f.bytes(row.bytesReceived)}
            </span>
            {row.errorCode === null ? null : <span>{t(problemWords(row.errorCode).what)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What somebody asked for in an exchange. */
function AskedWords(props: { readonly attempt: Concentrator["attempts"][number] }) {
  const { t } = useLocale();
  const kind = requestKindOf(props.attempt);
  if (!kind) return null;
  return (
    <span>
      {t(`gateway-action.${kind}`)} <span className="e-muted">{props.attempt.requestedBy}</span>
    </span>
  );
}
