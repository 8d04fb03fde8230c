import "./texts.ts";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type HistoryMapping, type ImportColumns } from "../api/client.ts";
import { fileContent } from "../parts/file-content.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

const fields = {
  "load-curves": ["serial", "start", "clock", "value", "obis", "unit", "quality"],
  "hand-held": ["serial", "time", "clock", "value", "obis", "unit"],
} as const;
const required: readonly string[] = ["serial", "start", "time", "value"];
const kinds = ["load-curves", "hand-held"] as const;

/** Says which column of a file of past times holds what, with what was guessed or said for such a file before. */
export function MappingPanel(props: {
  readonly file: File;
  readonly isPending: boolean;
  readonly onMapped: (mapping: HistoryMapping) => void;
}) {
  const { t } = useLocale();
  const { file } = props;
  const columns = useQuery({
    queryKey: ["import-columns", file.name, file.size, file.lastModified],
    queryFn: async ({ signal }) =>
      api.importColumns({ fileName: file.name, ...(await fileContent(file)) }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="e-stack" aria-labelledby="map-columns">
      <h2 id="map-columns">{t("map.title")}</h2>
      {columns.isPending ? <Waiting /> : null}
      {columns.isError ? (
        <ProblemNotice error={columns.error} onRetry={() => void columns.refetch()} />
      ) : null}
      {columns.data ? (
        <MappingForm data={columns.data} isPending={props.isPending} onMapped={props.onMapped} />
      ) : null}
    </section>
  );
}

function MappingForm(props: {
  readonly data: ImportColumns;
  readonly isPending: boolean;
  readonly onMapped: (mapping: HistoryMapping) => void;
}) {
  const { t } = useLocale();
  const { header, sample, lines, guesses, profile } = props.data;
  const [mapping, setMapping] = useState<HistoryMapping>(profile ?? guesses[0]!);
  const { kind, columns, obis = "", unit = "" } = mapping;
  const lacks = (field: (typeof fields)[typeof kind][number]) => columns[field] === undefined;
  const complete =
    fields[kind].every((field) => !required.includes(field) || !lacks(field)) &&
    (kind === "load-curves" || !lacks("obis") || obis.trim() !== "");
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) props.onMapped(mapping);
      }}
    >
      <p>{profile ? t("map.profile") : t("map.lead")}</p>
      <div className="e-log-filters">
        <NativeSelect
          label={t("map.kind")}
          value={kind}
          onChange={({ currentTarget: { value } }) => {
            const next = kinds.find((one) => one === value) ?? "load-curves";
            setMapping(guesses.find((guess) => guess.kind === next) ?? { kind: next, columns: {} });
          }}
          data={kinds.map((value) => ({ value, label: t(`map.kind.${value}`) }))}
        />
        {fields[kind].map((field) => (
          <NativeSelect
            key={field}
            label={t(`map.${field}`)}
            value={columns[field] ?? ""}
            error={required.includes(field) && lacks(field)}
            onChange={({ currentTarget: { value } }) => {
              const { [field]: _before, ...rest } = columns;
              setMapping({
                ...mapping,
                columns: value === "" ? rest : { ...rest, [field]: Number(value) },
              });
            }}
            data={[
              { value: "", label: t("map.none") },
              ...header.map((head, nth) => ({ value: String(nth), label: head || `#${nth + 1}` })),
            ]}
          />
        ))}
        {lacks("obis") ? (
          <TextInput
            label={t("map.obis-all")}
            placeholder={kind === "load-curves" ? "1-0:1.29.0*255" : "1.8.0"}
            maxLength={40}
            value={obis}
            onChange={({ currentTarget: { value } }) => setMapping({ ...mapping, obis: value })}
          />
        ) : null}
        {lacks("unit") ? (
          <TextInput
            label={t("map.unit-all")}
            placeholder="kWh"
            maxLength={10}
            value={unit}
            onChange={({ currentTarget: { value } }) => setMapping({ ...mapping, unit: value })}
          />
        ) : null}
      </div>
      <h3>
        {t("map.sample")} <span className="e-muted e-small">{t("map.lines", { count: lines })}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className="e-scroll-x" tabIndex={0} aria-label={t("map.sample")}>
        <table className="e-list-table">
          <thead>
            <tr>
              {header.map((head, nth) => {
                const field = fields[kind].find((one) => columns[one] === nth);
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stand in the order of the file.
                  <th key={nth} scope="col">
                    {head}
                    <div className="e-muted e-small">{field === undefined ? "–" : t(`map.${field}`)}</div>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {sample.map((row, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines stand in the order of the file.
              <tr key={line}>
                {header.map((_, nth) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stand in the order of the file.
                  <td key={nth}>{row[nth] ?? ""}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={props.isPending}>
          {t("map.check")}
        </Button>
      </div>
    </form>
  );
}
