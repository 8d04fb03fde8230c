import "../equipment/texts.ts";
import "./texts.ts";
import { Button, Checkbox, FileInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type FieldImport, type HistoryMapping } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { fileContent } from "../parts/file-content.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { ImportCheckPanel } from "./import-check.tsx";
import { MappingPanel } from "./mapping-panel.tsx";
import { UndoDialog } from "./undo-dialog.tsx";

const bytesMax = 64 * 1024 * 1024;

/** Files from the field: one is checked, looked at and taken in; below, all that were, with a way back. */
export function FieldImportsPage() {
  const { t } = useLocale();
  const may = useMay();
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.field-imports") }]}
        title={t("nav.field-imports")}
      />
      <div className="e-stack">
        {may("field-imports.change") ? <NewImport /> : null}
        <ImportList />
      </div>
    </>
  );
}

function NewImport() {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [round, setRound] = useState(0);
  const [mapping, setMapping] = useState<HistoryMapping>();
  const [isMapping, setIsMapping] = useState(false);
  const [isFinal, setIsFinal] = useState(false);
  const bodyOf = async (chosen: File, by: HistoryMapping | undefined) => ({
    fileName: chosen.name,
    ...(await fileContent(chosen)),
    ...(by ? { mapping: by } : {}),
  });
  const check = useMutation({
    mutationFn: async ({ chosen, by }: { chosen: File; by?: HistoryMapping | undefined }) =>
      api.checkFieldImport(await bodyOf(chosen, by)),
    onError: (error) => {
      if (error instanceof Problem && error.code === "import.unknown-file") setIsMapping(true);
    },
  });
  const take = useMutation({
    mutationFn: async (chosen: File) =>
      api.createFieldImport({ ...(await bodyOf(chosen, mapping)), ...(isFinal ? { isFinal } : {}) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["field-imports"] }),
  });
  const isTooLarge = file !== null && file.size > bytesMax;
  const again = () => {
    setFile(null);
    setMapping(undefined);
    setIsMapping(false);
    setIsFinal(false);
    setRound(round + 1);
    check.reset();
    take.reset();
  };
  return (
    <section className="e-panel" aria-label={t("nav.field-imports")}>
      <div className="e-panel-body e-stack">
        <p>{t("field.lead")}</p>
        <form
          className="e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (file && !isTooLarge) {
              setMapping(undefined);
              check.mutate({ chosen: file });
            }
          }}
        >
          <FileInput
            key={round}
            label={t("field.file")}
            accept=".csv,.txt,.dump,.xlsx,text/plain,text/csv"
            error={isTooLarge ? t("field.too-large") : undefined}
            style={{ flex: "1 1 260px", maxWidth: 480 }}
            value={file}
            onChange={(next) => {
              check.reset();
              take.reset();
              setMapping(undefined);
              setIsMapping(false);
              setIsFinal(false);
              setFile(next);
            }}
          />
          <Button type="submit" disabled={!file || isTooLarge} loading={check.isPending}>
            {t("field.check")}
          </Button>
          {file && !isTooLarge && !isMapping && !take.data ? (
            <Button variant="default" onClick={() => setIsMapping(true)}>
              {t("map.open")}
            </Button>
          ) : null}
        </form>
        {check.isError ? <ProblemNotice error={check.error} /> : null}
        {file && isMapping && !take.data ? (
          <MappingPanel
            key={round}
            file={file}
            isPending={check.isPending}
            onMapped={(by) => {
              setMapping(by);
              check.mutate({ chosen: file, by });
            }}
          />
        ) : null}
        {take.isError ? <ProblemNotice error={take.error} /> : null}
        {check.data && !take.data ? <ImportCheckPanel check={check.data} /> : null}
        {check.data?.kind === "load-curves" && !take.data ? (
          <Checkbox
            label={t("field.final")}
            description={t("field.final-do")}
            checked={isFinal}
            onChange={({ currentTarget: { checked } }) => setIsFinal(checked)}
          />
        ) : null}
        {take.data?.stored ? (
          <p role="status">
            <Mark shape="●" tone="ok">
              {t("field.done", {
                id: String(take.data.stored.importId),
                intervals: take.data.stored.intervals,
                registers: take.data.stored.registers,
                events: take.data.stored.events,
                kept: take.data.stored.kept,
              })}
            </Mark>
          </p>
        ) : null}
        {check.data ? (
          <div className="e-row">
            {take.data ? null : (
              <Button
                disabled={check.data.entries === 0}
                loading={take.isPending}
                onClick={() => file && take.mutate(file)}
              >
                {t("field.import")}
              </Button>
            )}
            <Button variant="default" onClick={again}>
              {t("field.other")}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}

function ImportList() {
  const { t } = useLocale();
  const [undoing, setUndoing] = useState<FieldImport>();
  const query = useQuery({
    queryKey: ["field-imports"],
    queryFn: ({ signal }) => api.fieldImports(signal),
  });
  return (
    <section className="e-panel" aria-labelledby="field-import-list">
      <div className="e-panel-head">
        <h2 id="field-import-list">{t("field.list")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.rows.length === 0 ? (
        <EmptyNotice title={t("field.none")}>{t("field.none-do")}</EmptyNotice>
      ) : null}
      {query.data && query.data.rows.length > 0 ? (
        <ImportTable rows={query.data.rows} onUndo={setUndoing} />
      ) : null}
      <UndoDialog row={undoing} onClose={() => setUndoing(undefined)} />
    </section>
  );
}

function ImportTable(props: {
  readonly rows: readonly FieldImport[];
  readonly onUndo: (row: FieldImport) => void;
}) {
  const { t, f } = useLocale();
  const may = useMay();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("field.list")}>
      <table className="e-list-table e-block-table">
        <thead>
          <tr>
            {(["when", "name", "what", "state"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`field.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.importId}>
              <td className="e-nowrap">
                {f.instant(Date.parse(row.importedAt))}
                <div className="e-muted e-small">
                  #{row.importId} · {row.importedBy}
                </div>
              </td>
              <td>
                {row.fileName}
                {row.gateway === null ? null : <div className="e-muted e-small">{row.gateway}</div>}
                {row.isFinal ? <div className="e-muted e-small">{t("field.is-final")}</div> : null}
              </td>
              <td>
                {t("field.what-value", {
                  meters: f.number(row.meters),
                  intervals: f.number(row.intervals),
                  registers: f.number(row.registers),
                  events: f.number(row.events),
                  refused: f.number(row.refused),
                })}
              </td>
              <td>
                {row.undoneBy !== null && row.undoneAt !== null ? (
                  <>
                    <Mark shape="⊘" tone="muted">
                      {t("field.undone")}
                    </Mark>
                    <div className="e-muted e-small">
                      {t("field.undone-value", {
                        name: row.undoneBy,
                        time: f.instant(Date.parse(row.undoneAt)),
                        reason: row.undoReason,
                        intervals: row.undoneIntervals,
                        registers: row.undoneRegisters,
                        kept: row.undoKept,
                      })}
                    </div>
                  </>
                ) : (
                  <span className="e-row">
                    <Mark shape={row.finished ? "●" : "▲"} tone={row.finished ? "ok" : "warning"}>
                      {t(row.finished ? "field.in-force" : "field.broken-off")}
                    </Mark>
                    {may("field-imports.change") ? (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t("field.undo-of", { name: row.fileName })}
                        onClick={() => props.onUndo(row)}
                      >
                        {t("field.undo")}
                        <span aria-hidden="true">&nbsp;⚠</span>
                      </Button>
                    ) : null}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
