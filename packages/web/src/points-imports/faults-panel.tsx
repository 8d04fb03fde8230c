import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, fileAddress, type PointsImport } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";

type Fault = PointsImport["faults"][number];
type Fix = { readonly row: number; readonly column: Fault["column"]; readonly value: string };
/** What is to be changed at the point is no correction of the file, unless the maker alone is spelt otherwise. */
const isProposed = ({ proposal, code, column }: Fault) =>
  proposal !== null && (code !== "other-meter" || column === "manufacturer");
const keyOf = ({ row, column, code }: Fault) => `${row} ${column} ${code}`;

/** What is wrong in the file, cell by cell: a proposal to take, or a field to correct it in. */
export function FaultsPanel({ found }: { readonly found: PointsImport }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [correcting, setCorrecting] = useState<string>();
  const fix = useMutation({
    mutationFn: (fixes: readonly Fix[]) =>
      api.changePointsImport(found.pointsImportId, { fixes: fixes.map((each) => ({ ...each })) }),
    onSuccess: () => {
      setCorrecting(undefined);
      return queries.invalidateQueries({ queryKey: ["points-import", found.pointsImportId] });
    },
  });
  const proposed = found.faults.flatMap((fault) =>
    isProposed(fault) ? [{ row: fault.row, column: fault.column, value: fault.proposal ?? "" }] : [],
  );
  const mayFix = may("import.change") && found.state === "checked";
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>
          {t("points-import.faults")} <span className="e-muted e-num">{f.number(found.faultsTotal)}</span>
        </h2>
        <span className="e-row">
          {mayFix && proposed.length > 0 ? (
            <Button size="xs" loading={fix.isPending} onClick={() => fix.mutate(proposed)}>
              {t("points-import.take-all", { count: proposed.length })}
            </Button>
          ) : null}
          <Button
            size="xs"
            variant="default"
            component="a"
            href={fileAddress(`/points-imports/${found.pointsImportId}/faults.csv`, {})}
            download
          >
            {t("points-import.faults-csv")}
          </Button>
        </span>
      </div>
      {fix.isError ? (
        <div className="e-panel-body">
          <ProblemNotice error={fix.error} />
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className="e-scroll-x" tabIndex={0} aria-label={t("points-import.faults")}>
        <table className="e-list-table e-block-table">
          <thead>
            <tr>
              <th scope="col">{t("points-import.line")}</th>
              <th scope="col">{t("points-import.column")}</th>
              <th scope="col">{t("points-import.value")}</th>
              <th scope="col">{t("points-import.what")}</th>
              {mayFix ? <th scope="col">{t("points-import.correct")}</th> : null}
            </tr>
          </thead>
          <tbody>
            {found.faults.map((fault) => (
              <tr key={keyOf(fault)}>
                <td className="e-num" data-label={t("points-import.line")}>
                  {fault.row}
                </td>
                <td data-label={t("points-import.column")}>{t(`points-import.col.${fault.column}`)}</td>
                <td className="e-break" data-label={t("points-import.value")}>
                  {fault.value || "–"}
                </td>
                <td data-label={t("points-import.what")}>
                  {t(`points-import.fault.${fault.code}` as MessageKey)}
                </td>
                {mayFix ? (
                  <td>
                    {correcting === keyOf(fault) ? (
                      <CorrectCell
                        fault={fault}
                        saving={fix.isPending}
                        onSave={(value) => fix.mutate([{ row: fault.row, column: fault.column, value }])}
                      />
                    ) : (
                      <span className="e-row">
                        {isProposed(fault) ? (
                          <Button
                            size="compact-sm"
                            variant="default"
                            onClick={() =>
                              fix.mutate([
                                { row: fault.row, column: fault.column, value: fault.proposal ?? "" },
                              ])
                            }
                          >
                            {t("points-import.take", { value: fault.proposal ?? "" })}
                          </Button>
                        ) : null}
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          aria-label={t("points-import.correct-of", {
                            column: t(`points-import.col.${fault.column}`),
                            line: fault.row,
                          })}
                          onClick={() => setCorrecting(keyOf(fault))}
                        >
                          {t("points-import.correct")}
                        </Button>
                      </span>
                    )}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {found.faultsTotal > found.faults.length ? (
        <p className="e-panel-body e-muted">
          {t("points-import.faults-more", {
            shown: f.number(found.faults.length),
            total: f.number(found.faultsTotal),
          })}
        </p>
      ) : null}
    </section>
  );
}

function CorrectCell(props: {
  readonly fault: Fault;
  readonly saving: boolean;
  readonly onSave: (value: string) => void;
}) {
  const { t } = useLocale();
  const { fault } = props;
  const [value, setValue] = useState(fault.value);
  return (
    <form
      className="e-row"
      style={{ flexWrap: "nowrap" }}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        props.onSave(value.trim());
      }}
    >
      <TextInput
        size="xs"
        aria-label={t("points-import.correct-of", {
          column: t(`points-import.col.${fault.column}`),
          line: fault.row,
        })}
        value={value}
        maxLength={500}
        autoFocus
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-sm" style={{ flex: "none" }} loading={props.saving}>
        {t("points-import.save")}
      </Button>
    </form>
  );
}
