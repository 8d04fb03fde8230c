import "./texts.ts";
import { Button, NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { AnalysisFrame } from "../analysis/frame.tsx";
import { type AnalysisSearch, energies, shownPeriod, subjectsOf } from "../analysis/search.ts";
import { api, fileAddress } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { longJobsQuery } from "../shell/long-jobs.tsx";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import { FileList } from "./file-list.tsx";

const usualDays = 30;
const measured = energies.filter((energy) => energy !== "net");
const formats = ["csv", "xlsx", "parquet"] as const;
type Format = (typeof formats)[number];

/** Interval values as files: what is short at once, what is long by a job. */
export function ExportsPage() {
  const { zone } = useLocale();
  const search = useSearch({ from: "/inside/an/exports" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) => void navigate({ to: "/an/exports", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const [of = "s"] = subjectsOf(search);
  const energy = search.energy === undefined || search.energy === "net" ? "A+" : search.energy;
  return (
    <AnalysisFrame
      title="nav.exports"
      help="exports.help"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      energies={measured}
    >
      <NewFile asked={{ of, energy, ...period }} />
      <FileList />
    </AnalysisFrame>
  );
}

type Asked = Parameters<typeof api.valuesSize>[0];

function NewFile({ asked }: { readonly asked: Asked }) {
  const { t } = useLocale();
  const [format, setFormat] = useState<Format>("csv");
  const queries = useQueryClient();
  const size = useQuery({
    queryKey: ["exports", "size", asked],
    queryFn: ({ signal }) => api.valuesSize(asked, signal),
    placeholderData: keepPreviousData,
  });
  const queue = useMutation({
    mutationFn: () => api.queueDataExport({ ...asked, format }),
    onSuccess: () => {
      notifications.show({
        message: t("exports.queued"),
      });
      void queries.invalidateQueries({ queryKey: longJobsQuery.queryKey });
      return queries.invalidateQueries({ queryKey: ["exports", "list"] });
    },
  });
  return (
    <section className="e-panel" aria-labelledby="new-file">
      <div className="e-panel-head">
        <h2 id="new-file">{t("exports.new")}</h2>
      </div>
      <div className="e-panel-body e-stack" aria-busy={size.isPlaceholderData}>
        {size.isPending ? <Waiting /> : null}
        {size.isError ? <ProblemNotice error={size.error} onRetry={() => void size.refetch()} /> : null}
        {queue.isError ? <ProblemNotice error={queue.error} /> : null}
        {size.data?.points === 0 ? <p className="e-muted">{t("exports.nothing")}</p> : null}
        {size.data && size.data.points > 0 ? (
          <>
            <p>{t("exports.size", { points: size.data.points, rows: size.data.rows })}</p>
            <div className="e-log-filters">
              <NativeSelect
                label={t("exports.format")}
                value={format}
                onChange={(event) => {
                  const chosen = formats.find((one) => one === event.currentTarget.value);
                  if (chosen) setFormat(chosen);
                }}
                data={formats.map((value) => ({ value, label: t(`exports.${value}`) }))}
              />
              {size.data.rows <= size.data.rowsMax ? (
                <Button component="a" download href={fileAddress(`/analysis/values.${format}`, asked)}>
                  {t("exports.now")}
                </Button>
              ) : (
                <Button loading={queue.isPending} onClick={() => queue.mutate()}>
                  {t("exports.queue")}
                </Button>
              )}
            </div>
            {size.data.rows > size.data.rowsMax ? (
              <p className="e-muted e-small">{t("exports.later", { max: size.data.rowsMax })}</p>
            ) : null}
          </>
        ) : null}
      </div>
    </section>
  );
}
