import type { Point } from "../api/client.ts";
import { qualityOf, qualityShapes } from "../parts/curve.ts";
import { obisSymbol, rawRegister, shownRegister } from "../parts/obis.ts";
import { useLocale } from "../text/provider.tsx";

const first = ["A+", "A−", "P+", "P−", "U L1", "U L2", "U L3", "I L1", "I L2", "I L3", "PF", "f"];
const shownMax = 12;

/** The newest value of each register, with all the digits that the meter gave. */
export function NowLine(props: { readonly point: Point }) {
  const { t, f } = useLocale();
  const { point } = props;
  if (point.now.length === 0)
    return (
      <div className="e-now e-muted">
        <span>{t("point.now-none")}</span>
      </div>
    );
  const shown = point.now
    .map((reading) => ({ ...reading, symbol: obisSymbol(reading.obis) }))
    .filter((reading) => first.includes(reading.symbol))
    .sort((a, b) => first.indexOf(a.symbol) - first.indexOf(b.symbol))
    .slice(0, shownMax);
  const readings =
    shown.length > 0 ? shown : point.now.slice(0, shownMax).map((one) => ({ ...one, symbol: one.obis }));
  const newestMs = Math.max(...readings.map((reading) => Date.parse(reading.measuredAt)));
  const offsetMs = point.device?.clockOffsetMs;
  return (
    <section className="e-now" aria-label={t("point.now")}>
      {readings.map((reading) => {
        const quality = qualityOf(reading.flags);
        return (
          <span
            key={reading.obis}
            className="e-now-item e-num"
            title={`${reading.obis} · ${rawRegister(reading.value, reading.unit)} · ${f.instant(Date.parse(reading.measuredAt))}`}
          >
            <span className="e-muted">{reading.symbol}</span>{" "}
            <strong>{f.decimal(shownRegister(reading.value, reading.unit).value)}</strong>{" "}
            {shownRegister(reading.value, reading.unit).unit}
            {quality === "measured" ? null : ` ${qualityShapes[quality]} ${t(`quality.${quality}`)}`}
          </span>
        );
      })}
      {offsetMs === null || offsetMs === undefined ? null : (
        <span className="e-muted e-small e-num">
          {t("point.clock", {
            offset: f.signed(Math.round(offsetMs / 1000)),
          })}
        </span>
      )}
      <span className="e-muted e-small e-num">{t("point.measured", { time: f.instant(newestMs) })}</span>
    </section>
  );
}
