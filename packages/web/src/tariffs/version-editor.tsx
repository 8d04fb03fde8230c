import { Button, FileButton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { api, type TariffTerms } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { addMonths } from "../time/zone.ts";
import { DayTypeFields, RateFields } from "./calendar-fields.tsx";
import { useTariffCheck } from "./check.ts";
import { type Draft, draftOf, termsOf } from "./draft.ts";
import { TariffFaults } from "./faults.ts";
import { saveTariffFile, termsInFile } from "./file.ts";
import { PreviewOnPoint } from "./preview-on-point.tsx";
import { ChargeSwitches, PriceFields } from "./price-fields.tsx";
import { HolidayFields, SeasonFields } from "./season-fields.tsx";
import { YearPicture } from "./year-picture.tsx";

/** Long enough that nobody's typing is answered letter by letter. */
const settleMs = 300;

/** A version as a copy of another, in fields: the server checks it while it is written, a year of it is drawn, and it is tried on a point. */
export function VersionEditor(props: {
  readonly tariffId: number;
  readonly code: string;
  readonly name: string;
  readonly terms: TariffTerms;
  readonly today: string;
  readonly onEnd: () => void;
}) {
  const { t, f } = useLocale();
  const queries = useQueryClient();
  const mark = f.decimal("0.5").charAt(1);
  const [draft, setDraft] = useState(() => draftOf(props.terms, mark));
  const [year, setYear] = useState(Number(props.today.slice(0, 4)));
  const [fromDay, setFromDay] = useState(addMonths(`${props.today.slice(0, 7)}-01`, 1));
  const [toDay, setToDay] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const terms = useMemo(() => termsOf(draft), [draft]);
  const [settled] = useDebouncedValue(terms, settleMs);
  const check = useTariffCheck(settled, year);
  const faults = check.data?.faults ?? [];
  const good = check.isSuccess && faults.length === 0;
  const part = { draft, change: (next: Partial<Draft>) => setDraft({ ...draft, ...next }) };
  const save = useMutation({
    mutationFn: () =>
      api.setTariffVersion(props.tariffId, { fromDay, toDay: toDay || null, terms, reason: reason.trim() }),
    onSuccess: async () => {
      notifications.show({ message: t("tariffs.saved") });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      props.onEnd();
    },
  });
  // The check of the server is asked first: what is no version at all could not be shown in fields.
  const take = useMutation({
    mutationFn: async (file: File) => {
      const found = termsInFile(await file.text(), props.code);
      if (found === undefined) return false;
      await api.checkTariff({ terms: found });
      setDraft(draftOf(found, mark));
      return true;
    },
  });
  const missing = {
    from: fromDay === "",
    to: toDay !== "" && toDay <= fromDay,
    reason: reason.trim().length < 3,
  };
  return (
    <section className="e-panel" aria-labelledby="editor">
      <div className="e-panel-head">
        <h2 id="editor">{t("tariffs.change")}</h2>
        <span className="e-row">
          <FileButton onChange={(file) => file && take.mutate(file)} accept=".json,application/json">
            {(file) => (
              <Button {...file} variant="default" size="compact-sm" loading={take.isPending}>
                {t("tariffs.file-in")}
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() =>
              saveTariffFile({
                code: props.code,
                name: props.name,
                versions: [
                  { versionId: 0, validFrom: fromDay, validTo: toDay || null, terms, reason, by: "", at: "" },
                ],
              })
            }
          >
            {t("tariffs.file-out")}
          </Button>
        </span>
      </div>
      <form
        className="e-panel-body e-stack"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          setTried(true);
          if (!Object.values(missing).includes(true)) save.mutate();
        }}
      >
        {take.isError ? <ProblemNotice error={take.error} /> : null}
        {take.data === false ? (
          <p className="e-notice" data-tone="warning" role="alert">
            ▲ {t("tariffs.no-file")}
          </p>
        ) : null}
        <div className="e-log-filters">
          <TextInput
            label={t("tariffs.from")}
            type="date"
            value={fromDay}
            error={tried && missing.from ? t("tariffs.from-missing") : undefined}
            onChange={(event) => setFromDay(event.currentTarget.value)}
          />
          <TextInput
            label={t("tariffs.to")}
            type="date"
            value={toDay}
            error={missing.to ? t("tariffs.to-before") : undefined}
            onChange={(event) => setToDay(event.currentTarget.value)}
          />
        </div>
        <TariffFaults value={faults}>
          <RateFields {...part} />
          <DayTypeFields {...part} />
          <SeasonFields {...part} />
          <HolidayFields {...part} holidays={check.data?.holidays ?? []} />
          <ChargeSwitches {...part} />
          <PriceFields {...part} />
        </TariffFaults>
        {check.isPending ? <Waiting /> : null}
        {check.data ? <YearPicture terms={settled} check={check.data} year={year} onYear={setYear} /> : null}
        <PreviewOnPoint terms={terms} today={props.today} ready={good} />
        <TextInput
          label={t("tariffs.reason")}
          description={t("tariffs.reason-help")}
          value={reason}
          maxLength={500}
          error={tried && missing.reason ? t("tariffs.reason-missing") : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div aria-live="polite">
          {check.isError ? (
            <ProblemNotice error={check.error} onRetry={() => void check.refetch()} />
          ) : faults.length > 0 ? (
            <>
              <p>▲ {t("tariffs.faults", { count: faults.length })}</p>
              <ul>
                {faults.map(({ code, at, path }) => (
                  <li key={`${code} ${path}`}>
                    {t(`tariffs.fault.${code}`)} {at === "" ? null : <code>{at}</code>}
                  </li>
                ))}
              </ul>
            </>
          ) : check.isSuccess ? (
            <p>{t("tariffs.good")}</p>
          ) : null}
        </div>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="e-row">
          <Button type="submit" loading={save.isPending}>
            {t("tariffs.save")}
          </Button>
          <Button variant="default" onClick={props.onEnd}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </section>
  );
}
