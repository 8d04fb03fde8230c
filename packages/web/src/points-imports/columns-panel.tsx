import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type PointsImport } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { columnNames, neededColumns } from "./columns.ts";

/** Which column of the file holds what, with its first line as an example. */
export function ColumnsPanel({ found }: { readonly found: PointsImport }) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [mapping, setMapping] = useState(found.mapping);
  const save = useMutation({
    mutationFn: () => api.changePointsImport(found.pointsImportId, { mapping }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["points-import", found.pointsImportId] }),
  });
  const [first = []] = found.sample;
  const options = [
    { value: "", label: t("points-import.column-none") },
    ...found.header.map((head, at) => ({
      value: String(at),
      label: first[at] ? `${head} – ${first[at].slice(0, 30)}` : head,
    })),
  ];
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("points-import.columns")}</h2>
      </div>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="e-log-filters">
          {columnNames.map((name) => (
            <NativeSelect
              key={name}
              label={
                neededColumns.has(name)
                  ? t("points-import.required", { column: t(`points-import.col.${name}`) })
                  : t(`points-import.col.${name}`)
              }
              disabled={!may("import.change")}
              value={mapping[name] === undefined ? "" : String(mapping[name])}
              data={options}
              onChange={(event) => {
                const { value } = event.currentTarget;
                const { [name]: _, ...rest } = mapping;
                setMapping(value === "" ? rest : { ...rest, [name]: Number(value) });
              }}
            />
          ))}
        </div>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {may("import.change") ? (
          <div className="e-row">
            <Button type="submit" variant="default" loading={save.isPending}>
              {t("points-import.columns-save")}
            </Button>
          </div>
        ) : null}
      </form>
    </section>
  );
}
