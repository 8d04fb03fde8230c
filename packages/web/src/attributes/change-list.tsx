import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type PointChangeRow } from "../api/client.ts";
import { ChangeForm, isReason, ReasonField } from "../parts/change-form.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { attributeWords } from "./values.ts";

/** Every change of what a point is: to what, from when, who and why; each can be taken back until a later one builds on it. */
export function ChangeList({ pointId }: { readonly pointId: number }) {
  const locale = useLocale();
  const { t, f } = locale;
  const may = useMay();
  const [undoing, setUndoing] = useState<PointChangeRow>();
  const query = useQuery({
    queryKey: ["point-changes", pointId],
    queryFn: ({ signal }) => api.pointChanges(pointId, signal),
  });
  const instant = (text: string) => f.instant(Date.parse(text));
  const span = ({ from, to }: PointChangeRow["values"][number]) => {
    if (from === null)
      return to === null ? t("attributes.always") : t("attributes.before", { to: instant(to) });
    return to === null
      ? t("attributes.since", { from: instant(from) })
      : t("attributes.until", { from: instant(from), to: instant(to) });
  };
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("attributes.history")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.rows.length === 0 ? (
        <p className="e-panel-body e-muted">{t("attributes.history-none")}</p>
      ) : null}
      {query.data && query.data.rows.length > 0 ? (
        <Scrolled label={t("attributes.history")}>
          <table className="e-list-table e-block-table">
            <tbody>
              {query.data.rows.map((row) => (
                <tr key={row.changeId}>
                  <td>
                    {row.undoes === null ? null : <div>{t("attributes.is-undo")}</div>}
                    {row.values.map((value) => (
                      <div key={`${value.attribute} ${value.from}`}>
                        {t(`attribute.${value.attribute}`)}:{" "}
                        <strong>
                          {value.attribute === "locationId" && may("locations.see") ? (
                            <Link
                              to="/cfg/locations/$locationId"
                              params={{ locationId: Number(value.value) }}
                            >
                              {attributeWords(locale, value.attribute, value.value)}
                            </Link>
                          ) : (
                            attributeWords(locale, value.attribute, value.value)
                          )}
                        </strong>{" "}
                        <span className="e-muted e-small">{span(value)}</span>
                      </div>
                    ))}
                  </td>
                  <td className="e-muted">
                    {row.reason === ""
                      ? t("attributes.by-program", { by: row.changedBy, at: instant(row.at) })
                      : t("attributes.by", { by: row.changedBy, at: instant(row.at), reason: row.reason })}
                  </td>
                  <td>
                    {row.undone ? (
                      <Mark shape="–" tone="muted">
                        {t("attributes.undone")}
                      </Mark>
                    ) : may("points.change") ? (
                      <Button variant="default" size="xs" onClick={() => setUndoing(row)}>
                        {t("attributes.undo")}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
      <Modal
        opened={undoing !== undefined}
        onClose={() => setUndoing(undefined)}
        title={t("attributes.undo-title")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {undoing ? <UndoForm row={undoing} onClose={() => setUndoing(undefined)} /> : null}
      </Modal>
    </section>
  );
}

function UndoForm({ row, onClose }: { readonly row: PointChangeRow; readonly onClose: () => void }) {
  const { t } = useLocale();
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["point"], ["point-changes"]]}
      run={() => api.undoPointChange(row.changeId, reason.trim())}
      complete={isReason(reason)}
      submit={t("attributes.undo")}
      done={() => t("attributes.undo-done")}
      onEnd={onClose}
    >
      <p>{t("attributes.undo-lead")}</p>
      <ReasonField first value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
