import "./texts.ts";
import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type MeterTypeRow } from "../api/client.ts";
import { instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { blankFacts, factsAreGood, TypeFields } from "./type-fields.tsx";

/** The catalogue of meter types, today or as it was on a day. */
export function MeterTypesPage() {
  const { t, zone } = useLocale();
  const { at } = useSearch({ from: "/inside/cfg/meter-types" });
  const navigate = useNavigate();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const instant = at === undefined ? undefined : instantOfField(`${at}T12:00`, zone);
  const query = useQuery({
    queryKey: ["meter-types", instant ?? "now"],
    queryFn: ({ signal }) => api.meterTypes(instant, signal),
  });
  const rows = query.data?.rows;
  const add = may("meter-types.change") ? (
    <Button onClick={() => setAdding(true)}>{t("types.add")}</Button>
  ) : undefined;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.meter-types") }]}
        title={t("nav.meter-types")}
        actions={
          <>
            <TextInput
              type="date"
              size="xs"
              aria-label={t("types.at")}
              title={t("types.at")}
              value={at ?? ""}
              onChange={(event) => {
                const day = event.currentTarget.value;
                void navigate({
                  to: "/cfg/meter-types",
                  search: day === "" ? {} : { at: day },
                  replace: true,
                });
              }}
            />
            {add}
          </>
        }
      />
      <section className="e-panel" aria-label={t("nav.meter-types")}>
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {rows?.length === 0 ? (
          <EmptyNotice title={t("types.none")} action={add}>
            {t("types.none-do")}
          </EmptyNotice>
        ) : null}
        {rows && rows.length > 0 ? <TypeTable rows={rows} /> : null}
      </section>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        size="xl"
        title={t("types.add")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <AddType models={query.data?.models ?? []} onEnd={() => setAdding(false)} />
      </Modal>
    </>
  );
}

function TypeTable({ rows }: { readonly rows: readonly MeterTypeRow[] }) {
  const { t, f } = useLocale();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("nav.meter-types")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("meters.type")}</th>
            <th scope="col">{t("types.class")}</th>
            <th scope="col">{t("meters.phases")}</th>
            <th scope="col">{t("types.led")}</th>
            <th scope="col">{t("types.output")}</th>
            <th scope="col">Iref – Imax</th>
            <th scope="col">{t("types.certificate")}</th>
            <th scope="col" className="e-end">
              {t("types.meters")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.meterTypeId}>
              <td>
                <Link to="/cfg/meter-types/$meterTypeId" params={{ meterTypeId: row.meterTypeId }}>
                  {row.manufacturer} {row.name}
                </Link>
              </td>
              <td>{row.accuracyClass}</td>
              <td>{row.phases}</td>
              <td>{row.ledPulsesPerKwh === null ? noValue : f.decimal(row.ledPulsesPerKwh)}</td>
              <td>{row.outputPulseWh === null ? noValue : f.decimal(row.outputPulseWh)}</td>
              <td className="e-nowrap">
                {row.referenceCurrentA === null ? noValue : f.decimal(row.referenceCurrentA)} –{" "}
                {row.maxCurrentA === null ? noValue : `${f.decimal(row.maxCurrentA)} A`}
              </td>
              <td>{row.certificate?.number ?? t("types.no-certificate")}</td>
              <td className="e-num">
                <Link to="/cfg/meters" search={{ type: row.meterTypeId }}>
                  {f.number(row.meters)}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AddType(props: { readonly models: readonly string[]; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const [manufacturer, setManufacturer] = useState("");
  const [name, setName] = useState("");
  const [facts, setFacts] = useState(blankFacts);
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={[["meter-types"]]}
      run={() =>
        api.addMeterType({
          ...facts,
          manufacturer: manufacturer.trim(),
          name: name.trim(),
          reason: reason.trim(),
        })
      }
      complete={manufacturer.trim() !== "" && name.trim() !== "" && isReason(reason) && factsAreGood(facts)}
      done={() => t("types.added")}
      onEnd={props.onEnd}
    >
      <div className="e-log-filters">
        <Field first label={t("meters.manufacturer")} value={manufacturer} onChange={setManufacturer} />
        <Field label={t("types.name")} value={name} onChange={setName} />
      </div>
      <TypeFields value={facts} models={props.models} onChange={setFacts} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
