import type { DatabaseTrial } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";

type Outcome = DatabaseTrial["steps"][number]["outcome"];

const marks: Record<Outcome, [shape: string, tone: Tone]> = {
  good: ["●", "ok"],
  bad: ["■", "bad"],
  skipped: ["–", "muted"],
};

/** How far a trial came, step by step. */
export function TrialSteps({ trial }: { readonly trial: DatabaseTrial }) {
  const { t, f } = useLocale();
  return (
    <>
      <p className="e-panel-body e-small e-muted">
        {t("database.tried", { role: trial.role, time: f.time(Date.parse(trial.at)) })}
      </p>
      <table className="e-list-table">
        <tbody>
          {trial.steps.map(({ step, outcome, durationMs, detail }) => (
            <tr key={step}>
              <th scope="row">{t(`database.step-${step}`)}</th>
              <td>
                <Mark shape={marks[outcome][0]} tone={marks[outcome][1]}>
                  {t(`database.outcome-${outcome}`)}
                </Mark>
              </td>
              <td className="e-small e-break">{detail === "read-only" ? t("database.read-only") : detail}</td>
              <td className="e-num">{outcome === "skipped" ? "" : `${f.number(durationMs)} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
