import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type ExchangeRow } from "../api/client.ts";
import { ChangeForm, isReason, ReasonField } from "../parts/change-form.tsx";
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
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["point"], ["exchanges"], ["ratio-requests"], ["load-curve"]]}
      run={() => api.undoExchange(row.exchangeId, reason.trim())}
      complete={isReason(reason)}
      submit={t("exchange.undo")}
      done={({ days }) => t("exchange.undo-done", { days })}
      onEnd={onClose}
    >
      <p>{t("exchange.undo-lead")}</p>
      <ReasonField first value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
