import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CoverageCell, CoverageLine } from "../analysis/coverage-line.tsx";
import { AnalysisFrame, Choice } from "../analysis/frame.tsx";
import { multiRateAsked, multiRateQuery } from "../analysis/queries.ts";
import { type AnalysisSearch, type Energy, energies, shownPeriod, subjectsOf } from "../analysis/search.ts";
import { fileAddress, type MultiRate } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { type DisplayUnit, displayUnit, powerUnit } from "../time/quantity.ts";
import { addDays, dayOf, startOfDay } from "../time/zone.ts";
import { AccountPanel } from "./account-panel.tsx";
import { Stacks } from "./stack.tsx";
import "./texts.ts";

const usualDays = 30;
const shownAtOnce = 6;
type Rated = MultiRate["energies"][number];

/** Energies by rate of a point, a group or more, with the meter's own registers, an account and what other tariffs would cost. */
export function MultiRatePage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/multi-rate" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) =>
    void navigate({ to: "/an/multi-rate", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const by = search.by === "month" ? "month" : "day";
  const chosen = chosenEnergies(search);
  const of = subjectsOf(search)[0]!;
  const asked = multiRateAsked(of, chosen, by, search.tariff, period);
  const query = useQuery(multiRateQuery(asked));
  const { tariff: _tariff, ...withoutTariff } = search;
  const choose = (tariff: number | undefined) =>
    change(tariff === undefined ? withoutTariff : { ...withoutTariff, tariff });
  return (
    <AnalysisFrame
      title="nav.multi-rate"
      help="mr.help"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      file={(format) => fileAddress(`/analysis/multi-rate.${format}`, asked)}
      controls={
        <>
          <Choice
            label={t("mr.rated-by")}
            value={String(search.tariff ?? "")}
            options={[
              ["", t("mr.own")],
              ...(query.data?.choices ?? []).map(
                ({ tariffId, code, name }) => [String(tariffId), `${code} · ${name}`] as const,
              ),
            ]}
            onChange={(value) => choose(value === "" ? undefined : Number(value))}
          />
          <Choice
            label={t("an.by")}
            value={by}
            options={[
              ["day", t("an.by.day")],
              ["month", t("an.by.month")],
            ]}
            onChange={(value) => {
              const { by: _by, ...rest } = search;
              change(value === "month" ? { ...rest, by: "month" } : rest);
            }}
          />
          <EnergyChoice
            chosen={chosen}
            onChange={(next) => {
              const { energy: _energy, also: _also, ...rest } = search;
              const [first, ...more] = next;
              change({
                ...rest,
                ...(first && first !== "A+" ? { energy: first } : {}),
                ...(more.length > 0 ? { also: more.join(".") } : {}),
              });
            }}
          />
        </>
      }
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.energies.every(({ total }) => total.present === 0) ? (
        <EmptyNotice title={t("an.empty")}>{t("an.empty-do")}</EmptyNotice>
      ) : (
        <div className="e-stack" aria-busy={query.isPlaceholderData}>
          {query.data.tariffs.length === 0 ? (
            <EmptyNotice title={t("mr.no-tariff")}>{t("mr.no-tariff-do")}</EmptyNotice>
          ) : null}
          {query.data.energies.map((rated) => (
            <RatedPanel key={rated.energy} rated={rated} of={of} by={by} />
          ))}
          {of.startsWith("p") ? (
            <AccountPanel of={of} period={period} tariff={search.tariff} onChoose={choose} />
          ) : null}
        </div>
      )}
    </AnalysisFrame>
  );
}

/** The first energy and those beside it, in their usual order. */
function chosenEnergies({ energy, also = "" }: AnalysisSearch): readonly Energy[] {
  const wanted = new Set<string>([energy ?? "A+", ...also.split(".")]);
  return energies.filter((one) => wanted.has(one)).slice(0, shownAtOnce);
}

function EnergyChoice(props: {
  readonly chosen: readonly Energy[];
  readonly onChange: (next: readonly Energy[]) => void;
}) {
  const { t } = useLocale();
  const { chosen } = props;
  return (
    <fieldset className="e-row e-small" style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="e-muted" style={{ float: "left" }}>
        {t("mr.energies")}
      </legend>
      {energies.map((energy) => {
        const on = chosen.includes(energy);
        return (
          <label key={energy} className="e-row" title={t(`an.energy.${energy}`)}>
            <input
              type="checkbox"
              checked={on}
              disabled={on ? chosen.length === 1 : chosen.length === shownAtOnce}
              onChange={() =>
                props.onChange(energies.filter((one) => (one === energy ? !on : chosen.includes(one))))
              }
            />
            {energy === "net" ? t("an.net") : energy}
          </label>
        );
      })}
    </fieldset>
  );
}

const numberOf = (energy: string | null, scale: number): number =>
  energy === null ? Number.NaN : Number(energy) * 10 ** scale;

function RatedPanel(props: { readonly rated: Rated; readonly of: string; readonly by: "day" | "month" }) {
  const { t, f, zone } = useLocale();
  const { rated, of, by } = props;
  const { scale, total, zones, unrated, unratedDays, buckets } = rated;
  const title = t("mr.zones", { energy: t(`an.energy.${rated.energy}`) });
  const unit = displayUnit(rated.unit, Math.abs(numberOf(total.energy, scale)) || 0);
  const powers = zones.map(({ max }) => (max ? (max.value * 10 ** scale * 3600) / rated.stepSeconds : 0));
  const power = displayUnit(powerUnit(rated.unit) ?? rated.unit, Math.max(0, ...powers));
  // A day has a unit of its own: in that of the whole period its rates would be tenths.
  const largest = Math.max(
    0,
    ...buckets.map((bucket) => Math.abs(numberOf(bucket.total.energy, scale)) || 0),
  );
  const partUnit = displayUnit(rated.unit, largest);
  const toldIn = (shown: DisplayUnit) => (energy: string | null) => {
    const value = numberOf(energy, scale);
    return Number.isNaN(value) ? noValue : f.number(value * shown.factor, shown.digits);
  };
  const told = toldIn(unit);
  const end = (text: string) => (
    <th key={text} scope="col" className="e-end">
      {text}
    </th>
  );
  return (
    <section className="e-panel" aria-label={title}>
      <div className="e-panel-head">
        <h2>{title}</h2>
      </div>
      <div className="e-panel-body e-stack">
        <CoverageLine counts={total} zone={zone} />
        {unratedDays > 0 && zones.length > 0 ? (
          <p className="e-notice" data-tone="warning">
            ▲ {t("mr.unrated-note", { count: unratedDays })}
          </p>
        ) : null}
        <Scrolled label={title}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("mr.rate")}</th>
                {end(unit.label)}
                {end(t("an.share"))}
                {end(`${t("mr.max")}, ${power.label}`)}
                <th scope="col">{t("mr.when")}</th>
                {end(t("an.coverage"))}
              </tr>
            </thead>
            <tbody>
              {zones.map((row, nth) => {
                const day = row.max && dayOf(Date.parse(row.max.start), zone);
                return (
                  <tr key={row.rate}>
                    <th scope="row" className="e-nowrap">
                      <span className="e-key" data-series={nth % 6} aria-hidden="true" /> {row.rate}
                    </th>
                    <td className="e-num e-end">{told(row.energy)}</td>
                    <td className="e-num e-end e-nowrap">
                      {row.shareMille === null ? noValue : f.percent(row.shareMille / 10)}
                    </td>
                    <td className="e-num e-end">
                      {row.max ? f.number(powers[nth]! * power.factor, power.digits) : noValue}
                    </td>
                    <td className="e-nowrap">
                      {row.max && day ? (
                        <Link
                          to="/an/load-curve"
                          search={{
                            of,
                            from: day,
                            to: addDays(day, 1),
                            ...(rated.energy === "A+" ? {} : { energy: rated.energy }),
                          }}
                        >
                          {f.instant(Date.parse(row.max.start))}
                        </Link>
                      ) : (
                        noValue
                      )}
                    </td>
                    <CoverageCell counts={row} />
                  </tr>
                );
              })}
              {unratedDays > 0 ? (
                <tr>
                  <th scope="row" className="e-nowrap">
                    {t("mr.unrated")}
                  </th>
                  <td className="e-num e-end">{told(unrated.energy)}</td>
                  <td />
                  <td />
                  <td />
                  <CoverageCell counts={unrated} />
                </tr>
              ) : null}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t("an.total")}</th>
                <td className="e-num e-end">{told(total.energy)}</td>
                <td />
                <td />
                <td />
                <CoverageCell counts={total} />
              </tr>
            </tfoot>
          </table>
        </Scrolled>
        {rated.registers.length > 0 ? <Registers rated={rated} told={told} unit={unit.label} /> : null}
        {zones.length > 0 && buckets.length > 1 ? (
          <figure aria-label={t("mr.by-part", { energy: rated.energy, part: t(`mr.part.${by}`) })}>
            <figcaption className="e-muted e-small">{partUnit.label}</figcaption>
            <Stacks
              unit={partUnit}
              stacks={buckets.map((bucket) => ({
                key: bucket.key,
                label:
                  by === "month" ? f.month(startOfDay(`${bucket.key}-01`, zone)) : f.dayShort(bucket.key),
                values: bucket.zones.map((energy) => numberOf(energy, scale)),
              }))}
            />
          </figure>
        ) : null}
        {zones.length > 0 ? (
          <Parts rated={rated} by={by} of={of} told={toldIn(partUnit)} unit={partUnit.label} />
        ) : null}
      </div>
    </section>
  );
}

function Registers(props: {
  readonly rated: Rated;
  readonly told: (energy: string | null) => string;
  readonly unit: string;
}) {
  const { t } = useLocale();
  const { rated, told, unit } = props;
  return (
    <Scrolled label={t("mr.registers")}>
      <table className="e-list-table">
        <caption>{t("mr.registers")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("mr.rate")}</th>
            <th scope="col" className="e-end">
              {t("mr.ours")}, {unit}
            </th>
            <th scope="col" className="e-end">
              {t("mr.meters")}, {unit}
            </th>
            <th scope="col" className="e-end">
              {t("mr.difference")}, {unit}
            </th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {rated.registers.map((row) => (
            <tr key={row.register}>
              <th scope="row">
                {row.rate} · {t("mr.register")} {row.register}
              </th>
              <td className="e-num e-end">{told(row.ours)}</td>
              <td className="e-num e-end">{told(row.meters)}</td>
              <td className="e-num e-end">{told(row.difference)}</td>
              <td>
                {row.silence ? t(`mr.silence.${row.silence}`) : t(row.differs ? "mr.differs" : "mr.fits")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

/** A row per day or month; a day leads to its load curve. */
function Parts(props: {
  readonly rated: Rated;
  readonly by: "day" | "month";
  readonly of: string;
  readonly told: (energy: string | null) => string;
  readonly unit: string;
}) {
  const { t, f, zone } = useLocale();
  const { rated, by, of, told } = props;
  const label = t("mr.by-part", { energy: rated.energy, part: t(`mr.part.${by}`) });
  return (
    <Scrolled label={label}>
      <table className="e-list-table">
        <caption>
          {label}, {props.unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t(`an.${by}`)}</th>
            {rated.zones.map(({ rate }) => (
              <th key={rate} scope="col" className="e-end">
                {rate}
              </th>
            ))}
            {rated.unratedDays > 0 ? (
              <th scope="col" className="e-end">
                {t("mr.unrated")}
              </th>
            ) : null}
            <th scope="col" className="e-end">
              {t("an.total")}
            </th>
            <th scope="col" className="e-end">
              {t("an.coverage")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rated.buckets.map((bucket) => (
            <tr key={bucket.key}>
              <th scope="row" className="e-nowrap">
                {by === "day" ? (
                  <Link
                    to="/an/load-curve"
                    search={{
                      of,
                      from: bucket.key,
                      to: addDays(bucket.key, 1),
                      ...(rated.energy === "A+" ? {} : { energy: rated.energy }),
                    }}
                  >
                    {f.day(bucket.key)}
                  </Link>
                ) : (
                  f.month(startOfDay(`${bucket.key}-01`, zone))
                )}
              </th>
              {rated.zones.map(({ rate }, nth) => (
                <td key={rate} className="e-num e-end">
                  {told(bucket.zones[nth] ?? null)}
                </td>
              ))}
              {rated.unratedDays > 0 ? <td className="e-num e-end">{told(bucket.unrated)}</td> : null}
              <td className="e-num e-end">{told(bucket.total.energy)}</td>
              <CoverageCell counts={bucket.total} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
