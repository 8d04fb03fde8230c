import "./texts.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, type ValidationRule } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useLocale } from "../text/provider.tsx";
import { RulePanel } from "./rule-panel.tsx";
import { ruleWords } from "./words.ts";

const isSet = (rule: ValidationRule): boolean => rule.classes.some(({ from }) => from !== null);

/** Every rule, as it is set for each class of points; one is tried on history before it is set. */
export function RulesPage() {
  const { t } = useLocale();
  const { rule: chosen } = useSearch({ from: "/inside/cfg/validation-rules" });
  const navigate = useNavigate();
  const rules = useQuery({
    queryKey: ["validation", "rules"],
    queryFn: ({ signal }) => api.validationRules(signal),
  });
  const open = (rule: string | undefined) =>
    void navigate({ to: "/cfg/validation-rules", search: rule ? { rule } : {}, replace: true });
  const shown = rules.data?.rows.find(({ rule }) => rule === chosen) ?? rules.data?.rows[0];
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.validation-rules") }]}
        title={t("nav.validation-rules")}
      />
      {rules.isPending ? <Waiting /> : null}
      {rules.isError ? <ProblemNotice error={rules.error} onRetry={() => void rules.refetch()} /> : null}
      {rules.data ? (
        <div className="e-work" data-open={chosen !== undefined}>
          <section className="e-panel e-work-left" aria-label={t("nav.validation-rules")}>
            <ul className="e-work-list">
              {rules.data.rows.map((rule) => (
                <li key={rule.rule}>
                  <button
                    type="button"
                    aria-current={rule.rule === shown?.rule}
                    onClick={() => open(rule.rule)}
                  >
                    <span>
                      {rule.rule} {ruleWords(t, rule.rule)}
                    </span>
                    <span className="e-muted">{isSet(rule) ? t("rules.set") : ""}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <div className="e-work-right">
            {shown ? <RulePanel key={shown.rule} rule={shown} onBack={() => open(undefined)} /> : null}
          </div>
        </div>
      ) : null}
    </>
  );
}
