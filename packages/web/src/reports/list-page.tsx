import "./texts.ts";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { SubjectPicker } from "../analysis/subject-picker.tsx";
import { api, type ReportList, type ReportRow } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { reportsQuery } from "./queries.ts";
import { reportPages } from "./report-pages.ts";

const stateShapes = { queued: "◌", running: "◌", done: "●", failed: "▲" } as const;

/** Reports of one's own, those that others share, templates to begin with, views of other pages, and what was taken away. */
export function ReportsPage() {
  const { t } = useLocale();
  const query = useQuery(reportsQuery);
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t("nav.reports") }]}
        title={t("nav.reports")}
        actions={
          <Button renderRoot={(own) => <Link to="/an/reports/new" search={{}} {...own} />}>
            {t("rp.new")}
          </Button>
        }
      />
      <div className="e-stack">
        <p className="e-muted">{t("rp.lead")}</p>
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? <Lists list={query.data} /> : null}
      </div>
    </>
  );
}

function Lists({ list }: { readonly list: ReportList }) {
  const { t } = useLocale();
  const mine = list.reports.filter((report) => report.mine);
  const shared = list.reports.filter((report) => !report.mine);
  return (
    <>
      {mine.length === 0 ? (
        <EmptyNotice title={t("rp.none")}>{t("rp.none-do")}</EmptyNotice>
      ) : (
        <Reports title={t("rp.mine")} rows={mine} />
      )}
      {shared.length > 0 ? <Reports title={t("rp.shared")} rows={shared} /> : null}
      {list.views.length > 0 ? <Views views={list.views} /> : null}
      <Templates templates={list.templates} />
      {list.removed.length > 0 ? <Removed rows={list.removed} /> : null}
    </>
  );
}

function Reports({ title, rows }: { readonly title: string; readonly rows: readonly ReportRow[] }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-label={title}>
      <div className="e-panel-head">
        <h2>{title}</h2>
      </div>
      <Scrolled label={title}>
        <table className="e-list-table e-block-table">
          <thead>
            <tr>
              <th scope="col">{t("rp.name")}</th>
              <th scope="col">{t("rp.owner")}</th>
              <th scope="col">{t("rp.changed")}</th>
              <th scope="col" className="e-end">
                {t("rp.schedules")}
              </th>
              <th scope="col">{t("rp.last-run")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.reportId}>
                <th scope="row">
                  <Link to="/an/reports/$reportId" params={{ reportId: String(row.reportId) }}>
                    {row.name}
                  </Link>
                  {row.about ? <div className="e-small e-muted">{row.about}</div> : null}
                </th>
                <td data-label={t("rp.owner")}>{row.owner}</td>
                <td data-label={t("rp.changed")}>
                  {f.instant(Date.parse(row.changedAt))}, {row.changedBy}
                </td>
                <td data-label={t("rp.schedules")} className="e-num e-end">
                  {f.number(row.schedules)}
                </td>
                <td data-label={t("rp.last-run")}>
                  {row.lastRun && row.lastRunAt
                    ? `${stateShapes[row.lastRun]} ${t(`rp.state.${row.lastRun}`)}, ${f.instant(Date.parse(row.lastRunAt))}`
                    : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function Templates({ templates }: { readonly templates: ReportList["templates"] }) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const [of, setOf] = useState("s");
  return (
    <section className="e-panel" aria-labelledby="rp-templates">
      <div className="e-panel-head">
        <h2 id="rp-templates">{t("rp.templates")}</h2>
        <div className="e-row">
          <span className="e-muted e-small">{t("rp.template-of")}</span>
          <SubjectPicker subjects={[of]} single onChange={([next]) => setOf(next ?? "s")} />
        </div>
      </div>
      <ul className="e-panel-body e-action-list">
        {templates.map(({ key, name, about }) => (
          <li key={key} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              <strong>{name}</strong>
              <br />
              <span className="e-small e-muted">{about}</span>
            </span>
            <Button
              size="xs"
              variant="default"
              aria-label={t("rp.use-of", { name })}
              onClick={() => void navigate({ to: "/an/reports/new", search: { template: key, of } })}
            >
              {t("rp.use")}
            </Button>
          </li>
        ))}
      </ul>
      <div className="e-panel-head">
        <h3>{t("rp.pages")}</h3>
      </div>
      <ul className="e-panel-body e-action-list">
        {reportPages.map(({ to, name, about }) => (
          <li key={to} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              <strong>{t(name)}</strong>
              <br />
              <span className="e-small e-muted">{t(about)}</span>
            </span>
            <Button
              size="xs"
              variant="default"
              aria-label={t("rp.open-of", { name: t(name) })}
              renderRoot={(own) => <Link to={to} search={of === "s" ? {} : { of }} {...own} />}
            >
              {t("rp.open")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Views({ views }: { readonly views: ReportList["views"] }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["reports"] });
  const remove = useMutation({
    mutationFn: (view: ReportList["views"][number]) => api.removeView(view.savedViewId),
    onSuccess: async (_, view) => {
      await refresh();
      const undo = () => api.restoreView(view.savedViewId).then(refresh);
      notifications.show({
        message: (
          <span className="e-row">
            {t("rp.gone", { name: view.name })}
            <Button size="compact-sm" variant="default" onClick={() => void undo()}>
              {t("rp.undo")}
            </Button>
          </span>
        ),
      });
    },
  });
  return (
    <section className="e-panel" aria-labelledby="rp-views">
      <div className="e-panel-head">
        <h2 id="rp-views">{t("rp.views")}</h2>
      </div>
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      <ul className="e-panel-body e-action-list">
        {views.map((view) => (
          <li key={view.savedViewId} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              <Link to={view.page as "/an/peaks"} search={view.search as never}>
                {view.name}
              </Link>
              {view.mine ? null : <span className="e-small e-muted"> · {view.owner}</span>}
            </span>
            {view.mine ? (
              <Button
                size="xs"
                variant="default"
                aria-label={t("rp.remove-of", { name: view.name })}
                onClick={() => remove.mutate(view)}
              >
                {t("rp.remove")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Removed({ rows }: { readonly rows: readonly ReportRow[] }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: (reportId: number) => api.restoreReport(reportId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["reports"] }),
  });
  return (
    <details className="e-panel">
      <summary className="e-panel-head">{t("rp.removed")}</summary>
      {restore.isError ? <ProblemNotice error={restore.error} /> : null}
      <ul className="e-panel-body e-action-list">
        {rows.map((row) => (
          <li key={row.reportId} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>{row.name}</span>
            <Button
              size="xs"
              variant="default"
              aria-label={t("rp.restore-of", { name: row.name })}
              onClick={() => restore.mutate(row.reportId)}
            >
              {t("rp.restore")}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
