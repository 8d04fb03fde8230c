import "./texts.ts";
import { fileText } from "@energsys/metering/file-text";
import { Button, FileInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type GroupsImport, type GroupsImportOutcome } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { groupFileText } from "./file-messages.ts";

const bytesMax = 20 * 1024 * 1024;
const shownMax = 100;

/** Groups and their members by file: checked, taken in, taken back. */
export function GroupFilesPage() {
  const { t } = useLocale();
  const may = useMay();
  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.configure") },
          { label: t("nav.groups"), to: "/cfg/groups" },
          { label: t("group-file.title") },
        ]}
        title={t("group-file.title")}
      />
      <div className="e-stack">
        {may("groups.change") ? <NewFile /> : null}
        <FileList />
      </div>
    </>
  );
}

function NewFile() {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [reason, setReason] = useState("");
  const [round, setRound] = useState(0);
  const bodyOf = async (chosen: File) => ({
    fileName: chosen.name,
    text: fileText(new Uint8Array(await chosen.arrayBuffer())),
    reason: reason.trim(),
  });
  const check = useMutation({
    mutationFn: async (chosen: File) => api.checkGroupsImport(await bodyOf(chosen)),
  });
  const take = useMutation({
    mutationFn: async (chosen: File) => api.createGroupsImport(await bodyOf(chosen)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["groups"] }),
  });
  const isTooLarge = file !== null && file.size > bytesMax;
  const complete = file !== null && !isTooLarge && reason.trim() !== "";
  const again = () => {
    setFile(null);
    setRound(round + 1);
    check.reset();
    take.reset();
  };
  return (
    <section className="e-panel" aria-label={t("group-file.title")}>
      <div className="e-panel-body e-stack">
        <p>{t("group-file.lead")}</p>
        <form
          className="e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (complete) check.mutate(file);
          }}
        >
          <FileInput
            key={round}
            label={t("group-file.file")}
            accept=".csv,.txt,text/csv,text/plain"
            error={isTooLarge ? t("group-file.too-large") : undefined}
            style={{ flex: "1 1 220px", maxWidth: 400 }}
            value={file}
            onChange={(next) => {
              check.reset();
              take.reset();
              setFile(next);
            }}
          />
          <TextInput
            label={t("group-file.reason")}
            style={{ flex: "1 1 220px", maxWidth: 400 }}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!complete} loading={check.isPending}>
            {t("group-file.check")}
          </Button>
        </form>
        {check.isError ? <ProblemNotice error={check.error} /> : null}
        {take.isError ? <ProblemNotice error={take.error} /> : null}
        {check.data && !take.data ? <Effect outcome={check.data} /> : null}
        {take.data?.stored ? (
          <p role="status">
            <Mark shape="●" tone="ok">
              {t("group-file.done", {
                id: String(take.data.stored.importId),
                made: take.data.stored.made,
                changes: take.data.stored.changes,
              })}
            </Mark>
          </p>
        ) : null}
        {check.data ? (
          <div className="e-row">
            {take.data ? null : (
              <Button
                disabled={!complete || check.data.groupsTotal === 0}
                loading={take.isPending}
                onClick={() => file && take.mutate(file)}
              >
                {t("group-file.import")}
              </Button>
            )}
            <Button variant="default" onClick={again}>
              {t("group-file.other")}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}

function Effect({ outcome }: { readonly outcome: GroupsImportOutcome }) {
  const { t, f } = useLocale();
  const shown = outcome.groups.slice(0, shownMax);
  return (
    <div className="e-stack" role="status">
      <h2>{t("group-file.effect")}</h2>
      <p>{t("group-file.effect-count", { rows: outcome.rows, groups: outcome.groupsTotal })}</p>
      {shown.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("group-file.effect")}>
          <table className="e-list-table">
            <thead>
              <tr>
                {(["group", "side", "from"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`group-file.${column}`)}
                  </th>
                ))}
                {(["joining", "sign", "unchanged"] as const).map((column) => (
                  <th key={column} scope="col" className="e-num">
                    {t(`group-file.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((group, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of one check, which stay as they are.
                <tr key={nth}>
                  <td>
                    {group.name}{" "}
                    {group.isNew ? (
                      <Mark shape="●" tone="accent">
                        {t("group-file.new")}
                      </Mark>
                    ) : null}
                    <div className="e-muted e-small">
                      {t(`group-kind.${group.kind}`)} · {group.branch || t("groups.whole-network")}
                      {group.above === null ? "" : ` · ${t("group-file.below", { name: group.above })}`}
                    </div>
                  </td>
                  <td>{group.side === null ? noValue : t(`group-file.${group.side}`)}</td>
                  <td className="e-nowrap">{f.instant(Date.parse(group.from))}</td>
                  <td className="e-num">{f.number(group.joining)}</td>
                  <td className="e-num">{f.number(group.signChanged)}</td>
                  <td className="e-num">{f.number(group.unchanged)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {outcome.groupsTotal > shown.length ? (
        <p className="e-muted">{t("group-file.more", { count: outcome.groupsTotal - shown.length })}</p>
      ) : null}
      <h2>{t("group-file.refused", { count: outcome.refusedTotal })}</h2>
      {outcome.refused.length > 0 ? (
        <ul className="e-stack e-small" style={{ gap: 4 }}>
          {outcome.refused.slice(0, shownMax).map(({ line, reason, text, proposal }) => {
            const key = `group-file.fault.${reason}`;
            return (
              <li key={`${line} ${reason} ${text}`}>
                <strong>{t("group-file.line", { line })}: </strong>
                {key in groupFileText ? t(key as MessageKey) : reason}{" "}
                <span className="e-muted e-break">{text}</span>{" "}
                {proposal === null ? null : t("group-file.meant", { text: proposal })}
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}

function FileList() {
  const { t, f } = useLocale();
  const may = useMay();
  const query = useQuery({
    queryKey: ["groups", "files"],
    queryFn: ({ signal }) => api.groupsImports(signal),
  });
  return (
    <section className="e-panel" aria-labelledby="group-files">
      <div className="e-panel-head">
        <h2 id="group-files">{t("group-file.list")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.rows.length === 0 ? (
        <EmptyNotice title={t("group-file.none")}>{t("group-file.none-do")}</EmptyNotice>
      ) : null}
      {query.data && query.data.rows.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("group-file.list")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                {(["when", "name", "what", "state"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`group-file.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {query.data.rows.map((row) => (
                <tr key={row.importId}>
                  <td className="e-nowrap">
                    {f.instant(Date.parse(row.importedAt))}
                    <div className="e-muted e-small">
                      #{row.importId} · {row.importedBy}
                    </div>
                  </td>
                  <td>
                    {row.fileName}
                    <div className="e-muted e-small">{row.reason}</div>
                  </td>
                  <td>
                    {t("group-file.done", { id: String(row.importId), made: row.made, changes: row.changes })}
                  </td>
                  <td>
                    <FileState row={row} mayUndo={may("groups.change")} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </section>
  );
}

function FileState({ row, mayUndo }: { readonly row: GroupsImport; readonly mayUndo: boolean }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const undo = useMutation({
    mutationFn: () => api.undoGroupsImport(row.importId, { reason: reason.trim() }),
    onSuccess: async (undone) => {
      notifications.show({ message: t("group-file.undo-done", { ...undone }), autoClose: 8_000 });
      setAsking(false);
      await queries.invalidateQueries({ queryKey: ["groups"] });
    },
  });
  if (row.undoneBy !== null)
    return (
      <>
        <Mark shape="⊘" tone="muted">
          {t("group-file.undone")}
        </Mark>
        <div className="e-muted e-small">
          {t("group-file.undone-by", { name: row.undoneBy, reason: row.undoReason ?? "", kept: row.kept })}
        </div>
      </>
    );
  return (
    <div className="e-stack">
      <span className="e-row">
        <Mark shape={row.finished ? "●" : "▲"} tone={row.finished ? "ok" : "warning"}>
          {t(row.finished ? "group-file.in-force" : "group-file.broken-off")}
        </Mark>
        {mayUndo && !asking ? (
          <Button
            size="xs"
            variant="default"
            aria-label={t("group-file.undo-of", { name: row.fileName })}
            onClick={() => setAsking(true)}
          >
            {t("group-file.undo")}
          </Button>
        ) : null}
      </span>
      {asking ? (
        <form
          className="e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (reason.trim() !== "") undo.mutate();
          }}
        >
          <TextInput
            size="xs"
            label={t("group-file.reason")}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={undo.isPending} disabled={reason.trim() === ""}>
            {t("group-file.undo")}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsking(false)}>
            {t("common.cancel")}
          </Button>
        </form>
      ) : null}
      {undo.isError ? <ProblemNotice error={undo.error} /> : null}
    </div>
  );
}
