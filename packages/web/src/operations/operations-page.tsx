import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import type { Operations } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { operationsQuery } from "../parts/operations-query.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { type Attention, attentionOf } from "./attention.ts";
import { BranchTree } from "./branch-tree.tsx";
import { HourBars } from "./hour-bars.tsx";
import { LiveFeed } from "./live-feed.tsx";

/** Figures older than this are marked stale. */
const staleMs = 60_000;

/** The control room: what is wrong now, and who has it. */
export function OperationsPage() {
  const { t, f } = useLocale();
  const query = useQuery(operationsQuery);
  const nowMs = useNow(5_000);
  const crumbs = [{ label: t("nav.operate") }, { label: t("nav.operations") }];
  const figures = query.data;
  if (!figures)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("op.title")} />
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        )}
      </>
    );
  const asOfMs = Date.parse(figures.asOf);
  const stale = nowMs - asOfMs > staleMs;
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={t("op.title")}
        aside={
          <span className={`e-small e-num ${stale ? "e-stale" : "e-muted"}`}>
            {stale ? "◌ " : ""}
            {t(stale ? "common.stale" : "common.as-of", { time: f.time(asOfMs) })}
          </span>
        }
      />
      {figures.devices === 0 ? (
        <EmptyNotice
          title={t("op.empty")}
          action={
            <span className="e-row">
              <Button renderRoot={(own) => <Link to="/devices/new" {...own} />}>{t("points.add")}</Button>
              <Button
                variant="default"
                renderRoot={(own) => <Link to="/first-run" search={{ step: "sample" }} {...own} />}
              >
                {t("points.sample")}
              </Button>
            </span>
          }
        >
          {t("op.empty-do")}
        </EmptyNotice>
      ) : (
        <div className="e-stack">
          <Cards figures={figures} stale={stale} />
          <div className="e-halves">
            <div className="e-stack">
              <AttentionList figures={figures} />
              <HourBars hours={figures.read.byHour} dayMs={asOfMs} />
            </div>
            <div className="e-stack">
              <BranchTree branches={figures.branches} />
              <LiveFeed first={figures.feed} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Cards(props: { readonly figures: Operations; readonly stale: boolean }) {
  const { t, f } = useLocale();
  const { read, silent, coverage, devices, attemptsOpen } = props.figures;
  const share =
    coverage.expected === 0 ? undefined : Math.floor((1000 * coverage.present) / coverage.expected) / 10;
  return (
    <nav className="e-cards" aria-label={t("op.figures")} data-stale={props.stale || undefined}>
      <Card
        href="#acquisition"
        label={t("op.success")}
        value={read.successPercent === null ? "–" : f.percent(read.successPercent)}
        detail={t("op.success-detail", {
          done: f.number(read.done),
          failed: f.number(read.failed),
          late: f.number(read.late),
        })}
      />
      <Link to="/points" search={{ state: "silent" }} className="e-card">
        <CardBody
          label={t("op.silent")}
          value={
            <>
              {silent.count > 0 ? (
                <span aria-hidden="true" className="e-tone-bad">
                  <b>■</b>{" "}
                </span>
              ) : null}
              {f.number(silent.count)}
            </>
          }
          detail={t("op.silent-detail", { count: devices, shown: f.number(devices) })}
        />
      </Link>
      <Card
        href="#branches"
        label={t("op.coverage", { day: f.dayShort(coverage.day) })}
        value={share === undefined ? "–" : f.percent(share)}
        detail={t("op.coverage-detail", {
          present: f.number(coverage.present),
          expected: f.number(coverage.expected),
          good: f.number(coverage.good),
        })}
      />
      <Card href="#feed" label={t("op.open")} value={f.number(attemptsOpen)} detail={t("op.open-detail")} />
    </nav>
  );
}

function Card(props: {
  readonly href: string;
  readonly label: string;
  readonly value: ReactNode;
  readonly detail: string;
}) {
  const { href, ...body } = props;
  return (
    <a href={href} className="e-card">
      <CardBody {...body} />
    </a>
  );
}

function CardBody(props: { readonly label: string; readonly value: ReactNode; readonly detail: string }) {
  return (
    <>
      <span className="e-card-label">{props.label}</span>
      <strong className="e-num">{props.value}</strong>
      <span className="e-muted e-small e-num">{props.detail}</span>
    </>
  );
}

const shownFirst = 8;

function AttentionList(props: { readonly figures: Operations }) {
  const { t, f } = useLocale();
  const { figures } = props;
  const [all, setAll] = useState(false);
  const rows = useMemo(() => attentionOf(figures), [figures]);
  return (
    <section className="e-panel" aria-labelledby="attention">
      <div className="e-panel-head">
        <h2 id="attention">{t("op.attention")}</h2>
        {figures.silent.count > 0 ? (
          <Link to="/points" search={{ state: "silent" }} className="e-small">
            {t("op.attention-all", { shown: f.number(figures.silent.count) })}
          </Link>
        ) : null}
      </div>
      {rows.length === 0 ? (
        <EmptyNotice title={t("op.attention-none")}>{t("op.attention-none-do")}</EmptyNotice>
      ) : null}
      <ul className="e-attention">
        {(all ? rows : rows.slice(0, shownFirst)).map((row) => (
          <AttentionRow
            key={
              row.kind === "branch"
                ? `b${row.branchId}`
                : row.kind === "concentrator"
                  ? `g${row.gatewayId}`
                  : `d${row.deviceId}`
            }
            row={row}
          />
        ))}
      </ul>
      {rows.length > shownFirst ? (
        <button type="button" className="e-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "▴" : `▾ +${rows.length - shownFirst}`}
        </button>
      ) : null}
    </section>
  );
}

function AttentionRow({ row }: { readonly row: Attention }) {
  const { t, f } = useLocale();
  const may = useMay();
  if (row.kind === "concentrator") {
    const words = t("op.attention-concentrator", { name: row.name, points: row.points });
    return (
      <li>
        <b className={row.state === "silent" ? "e-tone-bad" : "e-tone-warning"} aria-hidden="true">
          {row.state === "silent" ? "■" : "▲"}
        </b>
        <span>
          {may("equipment.see") ? (
            <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: row.gatewayId }}>
              {words}
            </Link>
          ) : (
            words
          )}{" "}
          <span className="e-small">
            {row.state === "shutdown"
              ? t("equipment.shutdown")
              : row.silentSeconds === null
                ? t("op.attention-never")
                : t("op.attention-silent", { duration: f.duration(row.silentSeconds * 1000) })}
          </span>
          <span className="e-muted e-small"> · {row.branch.join(" › ")}</span>
        </span>
      </li>
    );
  }
  if (row.kind === "branch")
    return (
      <li>
        <b className="e-tone-bad" aria-hidden="true">
          ■
        </b>
        <span>
          <Link to="/points" search={{ branch: row.branchId, state: "silent" }}>
            {t("op.attention-branch", {
              branch: row.path.join(" › "),
              silent: f.number(row.silent),
              points: f.number(row.points),
            })}
          </Link>
        </span>
      </li>
    );
  const name = [row.pod, row.name].filter(Boolean).join(" · ") || `#${row.deviceId}`;
  return (
    <li>
      <b className="e-tone-warning" aria-hidden="true">
        ▲
      </b>
      <span>
        {row.pointId === null ? (
          name
        ) : (
          <Link to="/points/$pointId" params={{ pointId: row.pointId }} search={{}}>
            {name}
          </Link>
        )}{" "}
        <span className="e-small">
          {row.silentSeconds === null
            ? t("op.attention-never")
            : t("op.attention-silent", { duration: f.duration(row.silentSeconds * 1000) })}
        </span>
        {row.errorCode ? (
          <span className="e-muted e-small"> · {t(problemWords(row.errorCode).what)}</span>
        ) : null}
      </span>
    </li>
  );
}
