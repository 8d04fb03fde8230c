import { Button, FileInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { fileContent } from "../parts/file-content.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** Two lines that fit, for whoever has no file yet. */
const sample =
  "\uFEFFpod;name;address;branch;phases;serial;manufacturer;model;installedAt;ctRatio;url\r\n" +
  "RO001EMO1000001;Popescu Ion;Str. Lungă 4, Câmpulung;Argeș / PT 12;1;70000001;ISK;iskra-me162;2026-03-01;1;iec62056-21+tcp://10.20.0.15:8000\r\n" +
  "RO001EMO1000002;SC Panificație SRL;Bd. Republicii 43, Pitești;Argeș / PT 7;3;70000002;LGZ;generic-dlms;2026-03-01;20;dlms+tcp://10.20.0.16:4059?client=16\r\n";

/** Files of points: bringing one, and those that were brought. */
export function ImportsPage() {
  const { t, f } = useLocale();
  const may = useMay();
  const query = useQuery({
    queryKey: ["points-imports"],
    queryFn: ({ signal }) => api.pointsImports(signal),
  });
  const rows = query.data?.rows ?? [];
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.import") }]}
        title={t("nav.import")}
        actions={
          <Button
            variant="default"
            component="a"
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(sample)}`}
            download="points.csv"
          >
            {t("points-import.sample")}
          </Button>
        }
      />
      <div className="e-stack">
        {may("import.change") ? <BringFile /> : null}
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? (
          <section className="e-panel">
            <div className="e-panel-head">
              <h2>{t("points-import.earlier")}</h2>
            </div>
            {rows.length === 0 ? (
              <EmptyNotice title={t("points-import.none")}>{t("points-import.none-do")}</EmptyNotice>
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
              <section className="e-scroll-x" tabIndex={0} aria-label={t("points-import.earlier")}>
                <table className="e-list-table">
                  <thead>
                    <tr>
                      <th scope="col">{t("points-import.file")}</th>
                      <th scope="col" className="e-num">
                        {t("points-import.lines")}
                      </th>
                      <th scope="col">{t("points-import.state")}</th>
                      <th scope="col">{t("points-import.by")}</th>
                      <th scope="col">{t("points-import.at")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row) => (
                      <tr key={row.pointsImportId}>
                        <td>
                          <Link
                            to="/cfg/import/$pointsImportId"
                            params={{ pointsImportId: row.pointsImportId }}
                          >
                            {row.name}
                          </Link>
                        </td>
                        <td className="e-num">{f.number(row.lines)}</td>
                        <td className="e-nowrap">{t(`points-import.state.${row.state}`)}</td>
                        <td>{row.madeBy}</td>
                        <td className="e-nowrap">{f.instant(Date.parse(row.madeAt))}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            )}
          </section>
        ) : null}
      </div>
    </>
  );
}

function BringFile() {
  const { t } = useLocale();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const bring = useMutation({
    mutationFn: async (chosen: File) =>
      api.createPointsImport({ name: chosen.name.slice(0, 200), ...(await fileContent(chosen)) }),
    onSuccess: ({ pointsImportId }) =>
      void navigate({ to: "/cfg/import/$pointsImportId", params: { pointsImportId } }),
  });
  return (
    <form
      className="e-panel e-panel-body e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (file) bring.mutate(file);
      }}
    >
      <FileInput
        label={t("points-import.choose")}
        description={t("points-import.choose-help")}
        placeholder="points.csv"
        accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        value={file}
        onChange={setFile}
        style={{ maxWidth: 520 }}
      />
      {bring.isError ? <ProblemNotice error={bring.error} /> : null}
      <div className="e-row">
        <Button type="submit" disabled={file === null} loading={bring.isPending}>
          {t("points-import.bring")}
        </Button>
      </div>
    </form>
  );
}
