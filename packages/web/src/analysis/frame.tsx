import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { PageHead } from "../parts/page-head.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { useMay } from "../session.ts";
import { pages } from "../shell/pages.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { SavedViews } from "./saved-views.tsx";
import type { AnalysisSearch, Comparison, Energy } from "./search.ts";
import { comparisons, energies, subjectsOf, withSubjects } from "./search.ts";
import { SubjectPicker } from "./subject-picker.tsx";

const fileFormats = ["csv", "xlsx", "pdf"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** What every report has: its place among the others, period, subjects, energy, comparison, file, and help that explains the figures. */
export function AnalysisFrame(props: {
  readonly title: MessageKey;
  readonly help: MessageKey;
  readonly search: AnalysisSearch;
  readonly change: (next: AnalysisSearch) => void;
  readonly period: Period;
  readonly today: string;
  readonly usualDays: number;
  /** Several subjects, each a curve; else one. */
  readonly several?: boolean;
  readonly afterSubject?: (of: string, nth: number) => ReactNode;
  /** Energies to choose from; none where the report shows all. */
  readonly energies?: readonly Energy[];
  readonly comparing?: boolean;
  /** More controls of this report. */
  readonly controls?: ReactNode;
  /** Address of the file of what is shown, by its kind; none where the page itself is about files. */
  readonly file?: (format: FileFormat) => string;
  readonly children: ReactNode;
}) {
  const { t } = useLocale();
  const { search, change, period } = props;
  const subjects = subjectsOf(search);
  const without = <Name extends keyof AnalysisSearch>(...names: Name[]): AnalysisSearch =>
    Object.fromEntries(Object.entries(search).filter(([name]) => !names.includes(name as Name)));
  const choose = (next: Period) => change({ ...without("last"), ...next });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.analyse") }, { label: t(props.title) }]}
        title={t(props.title)}
        actions={(props.file ? fileFormats : []).map((format) => (
          <Button key={format} component="a" download variant="default" size="xs" href={props.file?.(format)}>
            {format.toUpperCase()}
          </Button>
        ))}
      />
      <ReportLinks search={search} />
      <div className="e-stack">
        <div className="e-controls e-no-print">
          <PeriodPicker
            period={period}
            today={props.today}
            last={search.from ? undefined : (search.last ?? props.usualDays)}
            onChange={choose}
          />
          <SavedViews page={addressOf(props.title)} search={search} change={change} />
        </div>
        <div className="e-controls e-no-print">
          <SubjectPicker
            subjects={props.several ? subjects : subjects.slice(0, 1)}
            single={!props.several}
            onChange={(next) => change(withSubjects(search, next))}
            {...(props.afterSubject ? { after: props.afterSubject } : {})}
          />
        </div>
        <div className="e-controls e-no-print">
          {props.energies ? (
            <Choice
              label={t("an.energy")}
              value={search.energy ?? "A+"}
              options={props.energies.map((value) => [value, t(`an.energy.${value}`)])}
              onChange={(value) => {
                const energy = energies.find((one) => one === value);
                change(energy && energy !== "A+" ? { ...search, energy } : without("energy"));
              }}
            />
          ) : null}
          {props.comparing ? (
            <Choice
              label={t("an.compare")}
              value={search.compare ?? ""}
              options={[
                ["", t("an.compare.none")],
                ...comparisons.map((value): [Comparison, string] => [value, t(`an.compare.${value}`)]),
              ]}
              onChange={(value) => {
                const compare = comparisons.find((one) => one === value);
                change(compare ? { ...search, compare } : without("compare"));
              }}
            />
          ) : null}
          {props.controls}
        </div>
        {props.children}
        <details className="e-panel">
          <summary className="e-panel-head">{t("an.help")}</summary>
          <div className="e-panel-body e-prose">
            <p>{t(props.help)}</p>
            <p>{t("an.help.coverage")}</p>
          </div>
        </details>
      </div>
    </>
  );
}

/** Where the page of this title is. */
const addressOf = (title: MessageKey): string => pages.find(({ key }) => key === title)!.to;

/** The other reports of the same subjects and days. */
export function ReportLinks({ search }: { readonly search: AnalysisSearch }) {
  const { t } = useLocale();
  const { of, energy, from, to, last } = search;
  const carried: AnalysisSearch = {
    ...(of ? { of } : {}),
    ...(energy ? { energy } : {}),
    ...(from && to ? { from, to } : {}),
    ...(last ? { last } : {}),
  };
  const may = useMay();
  const reports = pages.filter(({ group, right }) => group === "analyse" && may(right));
  // There are more of them than a row shows: the one that is open is among those to be seen.
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const open = row.current?.querySelector<HTMLElement>('[data-status="active"]');
    if (row.current && open)
      row.current.scrollLeft = open.offsetLeft + open.offsetWidth / 2 - row.current.clientWidth / 2;
  }, []);
  return (
    <nav ref={row} className="e-report-links e-no-print" aria-label={t("an.reports")}>
      {reports.map(({ key, to: address }) => (
        <Link key={address} to={address} search={carried as never} activeOptions={{ includeSearch: false }}>
          {t(key)}
        </Link>
      ))}
    </nav>
  );
}

/** A labelled choice of a few words, small enough to stand in a row of them. */
export function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="e-row e-small">
      <span className="e-muted">{props.label}</span>
      <select
        className="e-cell-input e-select"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
