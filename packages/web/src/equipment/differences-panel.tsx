import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Concentrator } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

/** The work list of one concentrator: what the field says otherwise than we know. */
export function DifferencesPanel({ concentrator }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [note, setNote] = useState("");
  const rows = concentrator.openDifferences;
  const picked = rows.filter(({ differenceId }) => chosen.has(differenceId));
  const acknowledge = useMutation({
    mutationFn: () =>
      api.acknowledgeDifferences({
        differenceIds: picked.map(({ differenceId }) => differenceId),
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      }),
    onSuccess: async () => {
      setChosen(new Set());
      setNote("");
      await queries.invalidateQueries({ queryKey: ["equipment"] });
    },
  });
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <section className="e-panel" aria-labelledby="differences">
      <div className="e-panel-head">
        <h2 id="differences">{t("equipment.work")}</h2>
      </div>
      {rows.length === 0 ? <p className="e-panel-body e-muted">{t("equipment.work-none")}</p> : null}
      {acknowledge.isError ? <ProblemNotice error={acknowledge.error} /> : null}
      {rows.length > 0 ? (
        <ul className="e-panel-body e-stack" style={{ gap: 8 }}>
          {rows.map((row) => {
            const what = t(`difference.${row.kind}`);
            const place = row.was === null || row.was === row.is ? row.is : null;
            const facts = (
              <>
                <strong>{what}</strong> {row.name}{" "}
                <span className="e-muted e-small">
                  {[
                    row.was !== null && row.is !== null && row.was !== row.is
                      ? t("equipment.was-is", { was: row.was, is: row.is })
                      : place,
                    f.instant(Date.parse(row.at)),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </>
            );
            return (
              <li key={row.differenceId}>
                {may("equipment.change") ? (
                  <Checkbox
                    label={facts}
                    checked={chosen.has(row.differenceId)}
                    onChange={() => toggle(row.differenceId)}
                  />
                ) : (
                  facts
                )}
              </li>
            );
          })}
        </ul>
      ) : null}
      {rows.length > 0 && may("equipment.change") ? (
        <form
          className="e-panel-body e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event) => {
            event.preventDefault();
            acknowledge.mutate();
          }}
        >
          <TextInput
            label={t("equipment.note")}
            maxLength={500}
            style={{ flex: "1 1 220px" }}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" disabled={picked.length === 0} loading={acknowledge.isPending}>
            {t("equipment.acknowledge", { count: picked.length })}
          </Button>
        </form>
      ) : null}
    </section>
  );
}
