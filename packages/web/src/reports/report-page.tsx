import "./texts.ts";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, fileAddress, type Report, type ReportDefinition } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { Builder } from "./builder.tsx";
import { firstDefinition } from "./definition.ts";
import { checkQuery, previewQuery, reportQuery, reportsQuery, templateQuery } from "./queries.ts";
import { ResultView } from "./result-view.tsx";
import { RunsPanel } from "./runs-panel.tsx";
import { SchedulePanel } from "./schedule-panel.tsx";
import { SharePanel } from "./share-panel.tsx";

/** A new report: empty, or from a template. */
export function NewReportPage() {
  const { template, of = "s" } = useSearch({ from: "/inside/an/reports/new" });
  const asked = useQuery({ ...templateQuery(template ?? "", of), enabled: template !== undefined });
  const list = useQuery({ ...reportsQuery, enabled: template !== undefined });
  if (template === undefined) return <Editor key="new" definition={firstDefinition(of)} name="" about="" />;
  if (asked.isError) return <ProblemNotice error={asked.error} onRetry={() => void asked.refetch()} />;
  if (asked.isPending || list.isPending) return <Waiting />;
  const known = list.data?.templates.find(({ key }) => key === template);
  return (
    <Editor
      key={`${template} ${of}`}
      definition={asked.data}
      name={known?.name ?? ""}
      about={known?.about ?? ""}
    />
  );
}

/** A saved report. */
export function ReportPage() {
  const { reportId } = useParams({ from: "/inside/an/reports/$reportId" });
  const query = useQuery(reportQuery(Number(reportId)));
  if (query.isPending) return <Waiting />;
  // What was read once stays when reading it again fails: what is being written must not go.
  if (!query.data) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const report = query.data;
  return (
    <Editor
      key={report.reportId}
      report={report}
      definition={report.definition}
      name={report.name}
      about={report.about}
    />
  );
}

const files = ["csv", "xlsx", "pdf"] as const;

/** Data, columns and result of a report; who sees it, when it runs and what became of its runs. */
function Editor(props: {
  readonly report?: Report;
  readonly definition: ReportDefinition;
  readonly name: string;
  readonly about: string;
}) {
  const { t } = useLocale();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { report } = props;
  // What is written stays when somebody else saves meanwhile: it was made on this version, and saving it says so.
  const [version, setVersion] = useState(report?.version ?? 0);
  const [definition, setDefinition] = useState(props.definition);
  const [name, setName] = useState(props.name);
  const [about, setAbout] = useState(props.about);
  const [settled] = useDebouncedValue(definition, 250);
  const check = useQuery(checkQuery(settled));
  const checks = check.isPlaceholderData ? undefined : check.data?.columns;
  const sound = checks?.every(({ code }) => code === null) === true && settled === definition;
  const preview = useQuery(previewQuery(settled, sound));
  const changed =
    !report ||
    name !== report.name ||
    about !== report.about ||
    JSON.stringify(definition) !== JSON.stringify(report.definition);
  const save = useMutation({
    mutationFn: () =>
      report
        ? api.changeReport(report.reportId, { name, about, definition, version })
        : api.addReport({ name, about, definition }),
    onSuccess: async ({ reportId, version }) => {
      setVersion(version);
      await queries.invalidateQueries({ queryKey: ["reports"] });
      notifications.show({ message: t("rp.saved") });
      if (!report) await navigate({ to: "/an/reports/$reportId", params: { reportId: String(reportId) } });
    },
  });
  const remove = useMutation({
    mutationFn: () => api.removeReport(report!.reportId),
    onSuccess: async () => {
      await navigate({ to: "/an/reports" });
      await queries.invalidateQueries({ queryKey: ["reports"] });
    },
  });
  const title = report?.name ?? t("rp.new");
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.analyse") },
          { label: t("nav.reports"), to: "/an/reports" },
          { label: title },
        ]}
        title={title}
        aside={changed ? <span className="e-muted e-small">{t("rp.unsaved")}</span> : null}
        actions={
          report && !changed
            ? files.map((format) => (
                <Button
                  key={format}
                  component="a"
                  download
                  variant="default"
                  size="xs"
                  href={fileAddress(`/reports/${report.reportId}/file.${format}`, {})}
                >
                  {format.toUpperCase()}
                </Button>
              ))
            : null
        }
      />
      <div className="e-stack">
        <form
          className="e-controls"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <TextInput
            label={t("rp.name")}
            value={name}
            required
            maxLength={120}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label={t("rp.about")}
            value={about}
            maxLength={500}
            style={{ flexGrow: 1 }}
            onChange={({ currentTarget }) => setAbout(currentTarget.value)}
          />
          {!report || report.mayChange ? (
            <Button type="submit" disabled={!changed || name.trim() === ""} loading={save.isPending}>
              {t("rp.save")}
            </Button>
          ) : null}
          {report?.mine ? (
            <Button
              variant="default"
              aria-label={t("rp.remove-of", { name: report.name })}
              onClick={() => remove.mutate()}
            >
              {t("rp.remove")}
            </Button>
          ) : null}
        </form>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {report && report.version > version && !save.isPending ? (
          <div className="e-notice" data-tone="warning" role="status">
            <span>
              ▲ {t("rp.overtaken", { version: report.version, by: report.versions[0]?.savedBy ?? "" })}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                setVersion(report.version);
                setDefinition(report.definition);
                setName(report.name);
                setAbout(report.about);
              }}
            >
              {t("rp.take-theirs")}
            </Button>
          </div>
        ) : null}
        {remove.isError ? <ProblemNotice error={remove.error} /> : null}
        <Builder definition={definition} checks={checks} change={setDefinition} />
        <section className="e-panel" aria-labelledby="rp-result">
          <div className="e-panel-head">
            <h2 id="rp-result">{t("rp.result")}</h2>
          </div>
          <div className="e-panel-body">
            {sound && preview.isError ? (
              <div className="e-stack">
                {asProblem(preview.error).code === "report.refused" ? (
                  <p className="e-tone-bad">▲ {asProblem(preview.error).message}</p>
                ) : null}
                <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
              </div>
            ) : sound && preview.data ? (
              <div className="e-stack" aria-busy={preview.isPlaceholderData}>
                <ResultView result={preview.data} name={name || title} chart={definition.chart} />
              </div>
            ) : sound ? (
              <Waiting />
            ) : (
              <p className="e-muted">{t("rp.not-yet")}</p>
            )}
          </div>
        </section>
        {report ? (
          <>
            {may("analysis.change") ? <SchedulePanel report={report} /> : null}
            {report.mine && may("analysis.change") ? <SharePanel report={report} /> : null}
            <RunsPanel reportId={report.reportId} />
            <Versions report={report} take={(version) => setDefinition(version.definition)} />
          </>
        ) : null}
        <details className="e-panel">
          <summary className="e-panel-head">{t("rp.help")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t("rp.help-text")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

function Versions(props: {
  readonly report: Report;
  readonly take: (version: Report["versions"][number]) => void;
}) {
  const { t, f } = useLocale();
  return (
    <details className="e-panel">
      <summary className="e-panel-head">{t("rp.versions")}</summary>
      <ul className="e-panel-body e-action-list">
        {props.report.versions.map((version) => (
          <li key={version.version} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              {t("rp.version", { number: version.version })} · {version.name}
              <span className="e-small e-muted">
                {" "}
                {f.instant(Date.parse(version.savedAt))}, {version.savedBy}
              </span>
            </span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("rp.version-use-of", { number: version.version })}
              onClick={() => props.take(version)}
            >
              {t("rp.version-use")}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
