import "./texts.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, type MeterType } from "../api/client.ts";
import { ItsLog } from "../log/its-log.tsx";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { factsAreGood, TypeFields } from "./type-fields.tsx";

/** One type of meter: what is known, since when, by whom; and its certificates. */
export function MeterTypePage() {
  const { t } = useLocale();
  const { meterTypeId } = useParams({ from: "/inside/cfg/meter-types/$meterTypeId" });
  const may = useMay();
  const [form, setForm] = useState<"facts" | "certificate">();
  const query = useQuery({
    queryKey: ["meter-type", meterTypeId],
    queryFn: ({ signal }) => api.meterType(meterTypeId, signal),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.meter-types"), to: "/cfg/meter-types" }];
  if (query.isPending) return <Waiting />;
  const type = query.data;
  if (!type)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.meter-types")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const title = `${type.manufacturer} ${type.name}`;
  const button = (which: "facts" | "certificate", text: "types.change" | "types.certificate-add") =>
    may("meter-types.change") && form !== which ? (
      <Button variant="default" size="xs" onClick={() => setForm(which)}>
        {t(text)}
      </Button>
    ) : null;
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: title }]}
        title={title}
        aside={
          <Link to="/cfg/meters" search={{ type: meterTypeId }}>
            {t("types.its-meters", { count: type.meters })}
          </Link>
        }
        actions={<ItsLog search={{ object: "meter_type", id: String(meterTypeId) }} />}
      />
      <div className="e-stack">
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("types.now")}</h2>
            {button("facts", "types.change")}
          </div>
          {form === "facts" ? <FactsForm type={type} onEnd={() => setForm(undefined)} /> : null}
          <Versions type={type} />
        </section>
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("types.certificates")}</h2>
            {button("certificate", "types.certificate-add")}
          </div>
          {form === "certificate" ? <CertificateForm type={type} onEnd={() => setForm(undefined)} /> : null}
          <Certificates type={type} />
        </section>
      </div>
    </>
  );
}

/** Every version in a column of its own, the newest first: what differs stands side by side. */
function Versions({ type }: { readonly type: MeterType }) {
  const { t, f } = useLocale();
  const { versions } = type;
  const amount = (value: string | null) => (value === null ? noValue : f.decimal(value));
  const yes = (value: boolean) => t(value ? "common.yes" : "common.no");
  const lines: readonly (readonly [label: string, of: (version: MeterType["versions"][number]) => string])[] =
    [
      [t("meters.at"), (v) => f.instant(Date.parse(v.from))],
      [t("meters.until"), (v) => (v.to === null ? t("types.still") : f.instant(Date.parse(v.to)))],
      [t("form.reason"), (v) => v.reason],
      [t("meters.by"), (v) => v.by],
      [t("types.class"), (v) => v.accuracyClass],
      [t("types.led"), (v) => amount(v.ledPulsesPerKwh)],
      [t("types.output"), (v) => amount(v.outputPulseWh)],
      [t("meters.reference-voltage"), (v) => amount(v.referenceVoltageV)],
      [t("meters.max-voltage"), (v) => amount(v.maxVoltageV)],
      [t("meters.reference-current"), (v) => amount(v.referenceCurrentA)],
      [t("meters.max-current"), (v) => amount(v.maxCurrentA)],
      [t("meters.phases"), (v) => String(v.phases)],
      [t("types.connection"), (v) => t(`types.connection-${v.connection}`)],
      [t("meters.digits"), (v) => `${v.indexDigits} + ${v.indexDecimals}`],
      [t("types.tariffs"), (v) => String(v.tariffs)],
      [t("types.relay"), (v) => yes(v.relay)],
      [t("types.profile"), (v) => yes(v.loadProfile)],
      [t("types.years"), (v) => (v.verificationYears === null ? noValue : String(v.verificationYears))],
      [t("meters.model"), (v) => v.model],
    ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("types.history")}>
      <table className="e-list-table">
        <tbody>
          {lines.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {versions.map((version) => (
                <td key={version.from}>{of(version)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Certificates({ type }: { readonly type: MeterType }) {
  const { t, f } = useLocale();
  if (type.certificates.length === 0)
    return <p className="e-panel-body e-muted">{t("types.no-certificate")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("types.certificates")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("types.number")}</th>
            <th scope="col">{t("types.body")}</th>
            <th scope="col">{t("types.year")}</th>
            <th scope="col">{t("types.valid-from")}</th>
            <th scope="col">{t("meters.valid-until")}</th>
          </tr>
        </thead>
        <tbody>
          {type.certificates.map((each) => (
            <tr key={each.validFrom}>
              <td>{each.number}</td>
              <td>{each.body}</td>
              <td>{each.year}</td>
              <td className="e-nowrap">{f.day(each.validFrom)}</td>
              <td className="e-nowrap">{each.validTo === null ? t("types.open") : f.day(each.validTo)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Read anew after a change: the page, the catalogue and the meters. */
const changesOf = ({ meterTypeId }: MeterType) => [["meter-type", meterTypeId], ["meter-types"], ["meters"]];

interface FormProps {
  readonly type: MeterType;
  readonly onEnd: () => void;
}

function FactsForm({ type, onEnd }: FormProps) {
  const { t } = useLocale();
  const { from: _, to: __, reason: ___, by: ____, ...known } = type.versions[0]!;
  const [facts, setFacts] = useState(known);
  const [reason, setReason] = useState("");
  const catalogue = useQuery({
    queryKey: ["meter-types", "now"],
    queryFn: ({ signal }) => api.meterTypes(undefined, signal),
  });
  return (
    <ChangeForm
      panel={t("types.change")}
      changes={changesOf(type)}
      run={() => api.changeMeterType(type.meterTypeId, { ...facts, reason: reason.trim() })}
      complete={isReason(reason) && factsAreGood(facts)}
      onEnd={onEnd}
    >
      <TypeFields value={facts} models={catalogue.data?.models ?? [facts.model]} onChange={setFacts} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

function CertificateForm({ type, onEnd }: FormProps) {
  const { t } = useLocale();
  const [given, setGiven] = useState({ number: "", body: "", year: "", validFrom: "", validTo: "" });
  const field = (key: keyof typeof given) => ({
    value: given[key],
    onChange: (value: string) => setGiven((known) => ({ ...known, [key]: value })),
  });
  return (
    <ChangeForm
      panel={t("types.certificate-add")}
      changes={changesOf(type)}
      run={() =>
        api.addMeterTypeCertificate(type.meterTypeId, {
          number: given.number.trim(),
          body: given.body.trim(),
          year: Number(given.year),
          validFrom: given.validFrom,
          validTo: given.validTo === "" ? null : given.validTo,
        })
      }
      complete={
        given.number.trim() !== "" &&
        given.body.trim() !== "" &&
        /^(19|20)\d{2}$/.test(given.year) &&
        given.validFrom !== "" &&
        (given.validTo === "" || given.validTo > given.validFrom)
      }
      onEnd={onEnd}
    >
      <div className="e-log-filters">
        <Field label={t("types.number")} {...field("number")} />
        <Field label={t("types.body")} {...field("body")} />
        <Field figures label={t("types.year")} {...field("year")} />
        <Field type="date" label={t("types.valid-from")} {...field("validFrom")} />
        <Field type="date" label={t("meters.valid-until")} {...field("validTo")} />
      </div>
    </ChangeForm>
  );
}
