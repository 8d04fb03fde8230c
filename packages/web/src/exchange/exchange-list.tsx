import "./texts.ts";
import { Button, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type ExchangeRow } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** Exchanges of a point's meter: what both showed, who and why, pictures; each can be taken back as long as nothing builds on it. */
export function ExchangeList({ pointId }: { readonly pointId: number }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [undoing, setUndoing] = useState<ExchangeRow>();
  const query = useQuery({
    queryKey: ["exchanges", pointId],
    queryFn: ({ signal }) => api.exchanges(pointId, signal),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.rows.length === 0) return null;
  const shown = (readings: ExchangeRow["last"]) =>
    readings.map(({ obis, value, unit }) => (
      <div key={obis} className="e-nowrap">
        {obisSymbol(obis)} {f.decimal(value)} {unit}
      </div>
    ));
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("exchange.list")}</h2>
      </div>
      <Scrolled label={t("exchange.list")}>
        <table className="e-list-table e-block-table">
          <thead>
            <tr>
              <th scope="col">{t("exchange.at")}</th>
              <th scope="col">{t("exchange.list-old")}</th>
              <th scope="col">{t("exchange.list-new")}</th>
              <th scope="col">{t("exchange.list-by")}</th>
              <th scope="col">{t("exchange.photos")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {query.data.rows.map((row) => (
              <tr key={row.exchangeId} {...(row.undoneAt === null ? {} : { "data-ended": true })}>
                <td className="e-nowrap">{f.instant(Date.parse(row.at))}</td>
                <td data-label={t("exchange.list-old")}>
                  <span className="e-num">{row.oldSerial}</span>
                  {shown(row.last)}
                </td>
                <td data-label={t("exchange.list-new")}>
                  <span className="e-num">{row.newSerial}</span>
                  {shown(row.first)}
                </td>
                <td data-label={t("exchange.list-by")}>
                  {row.fittedBy}: {row.reason}
                  <div className="e-muted e-small">
                    {t("exchange.entered", { by: row.madeBy, at: f.instant(Date.parse(row.madeAt)) })}
                    {row.days === null ? ` · ${t("exchange.deriving")}` : ""}
                  </div>
                </td>
                <td data-label={t("exchange.photos")}>
                  {row.photos.map((photo) => (
                    <a
                      key={photo.photoId}
                      href={`/api/exchange-photos/${photo.photoId}`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      <img
                        className="e-thumb"
                        src={`/api/exchange-photos/${photo.photoId}`}
                        alt={t("exchange.photo", { name: photo.fileName, size: f.bytes(photo.sizeBytes) })}
                        loading="lazy"
                      />
                    </a>
                  ))}
                </td>
                <td>
                  {row.undoneAt !== null ? (
                    <span className="e-muted e-small">
                      {t("exchange.undone", {
                        by: row.undoneBy ?? "",
                        at: f.instant(Date.parse(row.undoneAt)),
                        reason: row.undoReason ?? "",
                      })}
                    </span>
                  ) : may("points.change") ? (
                    <Button variant="default" size="xs" onClick={() => setUndoing(row)}>
                      {t("exchange.undo")}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Modal
        opened={undoing !== undefined}
        onClose={() => setUndoing(undefined)}
        title={undoing ? t("exchange.undo-of", { old: undoing.oldSerial, new: undoing.newSerial }) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {undoing ? <UndoForm row={undoing} onClose={() => setUndoing(undefined)} /> : null}
      </Modal>
    </section>
  );
}

function UndoForm({ row, onClose }: { readonly row: ExchangeRow; readonly onClose: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const undo = useMutation({
    mutationFn: () => api.undoExchange(row.exchangeId, reason.trim()),
    onSuccess: async ({ days }) => {
      await Promise.all(
        ["point", "exchanges", "ratio-requests", "load-curve"].map((first) =>
          queries.invalidateQueries({ queryKey: [first] }),
        ),
      );
      notifications.show({
        color: "accent",
        message: t("exchange.undo-done", { days }),
        autoClose: 8_000,
        withBorder: true,
      });
      onClose();
    },
  });
  const complete = reason.trim().length >= 3;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) undo.mutate();
      }}
    >
      {undo.isError ? <ProblemNotice error={undo.error} /> : null}
      <p>{t("exchange.undo-lead")}</p>
      <Textarea
        label={t("exchange.reason")}
        description={t("exchange.reason-help")}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={undo.isPending}>
          {t("exchange.undo")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
