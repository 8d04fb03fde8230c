import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

const shape = /^(?!0+([.,]0+)?$)\d{1,5}([.,]\d{1,6})?$/;

/** The stopwatch beside the meter: what power the seconds between two pulses mean, and whether a module counts the fastest. */
export function PulseCheck({ pointId }: { readonly pointId: number }) {
  const { t, f } = useLocale();
  const [text, setText] = useState("");
  const [gap, setGap] = useState<string>();
  const query = useQuery({
    queryKey: ["pulses", pointId, gap],
    queryFn: ({ signal }) => api.pulses(pointId, gap!, signal),
    enabled: gap !== undefined,
  });
  const good = shape.test(text.trim());
  const decimal = (value: string | null, unit: string) =>
    value === null ? noValue : `${f.decimal(value)} ${unit}`;
  return (
    <details className="e-panel-body">
      <summary>{t("pulses.title")}</summary>
      <form
        className="e-row"
        style={{ alignItems: "end" }}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (good) setGap(text.trim().replace(",", "."));
        }}
      >
        <TextInput
          label={t("pulses.gap")}
          description={t("pulses.gap-help")}
          inputMode="decimal"
          value={text}
          error={text !== "" && !good}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!good}>
          {t("pulses.show")}
        </Button>
      </form>
      {query.isFetching ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} /> : null}
      {query.data ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("pulses.title")}>
          <table className="e-list-table" role="status">
            <thead>
              <tr>
                {(["of", "constant", "power", "most", "shortest", "counted"] as const).map((column) => (
                  <th key={column} scope="col" className={column === "of" ? undefined : "e-num"}>
                    {t(`pulses.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {query.data.figures.map((figure) => (
                <tr key={figure.of}>
                  <td>{t(`pulses.${figure.of}`)}</td>
                  <td className="e-num">
                    {decimal(figure.constant, figure.of === "led" ? "imp/kWh" : "Wh/imp")}
                  </td>
                  <td className="e-num">{decimal(figure.powerW, "W")}</td>
                  <td className="e-num">{decimal(figure.mostPerSecond, "imp/s")}</td>
                  <td className="e-num">{decimal(figure.shortestGapSeconds, "s")}</td>
                  <td className="e-num">
                    {figure.counted === null ? (
                      noValue
                    ) : (
                      <Mark shape={figure.counted ? "●" : "▲"} tone={figure.counted ? "ok" : "warning"}>
                        {t(figure.counted ? "pulses.yes" : "pulses.no")}
                      </Mark>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </details>
  );
}
