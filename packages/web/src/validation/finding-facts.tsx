import { Link } from "@tanstack/react-router";
import type { Finding } from "../api/client.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { displayUnit } from "../time/quantity.ts";
import { addDays } from "../time/zone.ts";
import { energyWords, ruleWords, thresholdWords } from "./words.ts";

/** Why there is something to decide: the register, the rule with its thresholds, the balance of the groups. */
export function FindingFacts({ detail }: { readonly detail: Finding }) {
  const { t, f } = useLocale();
  const may = useMay();
  const { finding, register, rule, groups } = detail;
  const { measured, limit } = finding;
  // "1" is the unit of counts.
  const figure = ({ value, unit }: { readonly value: string; readonly unit: string }) =>
    unit === "1" ? f.decimal(value) : `${f.decimal(value)} ${unit}`;
  return (
    <dl className="e-facts e-small">
      <dt>{ruleWords(t, "V18")}</dt>
      <dd className="e-num">
        {register === null
          ? t("vee.register-none")
          : register.measured === null
            ? t("vee.register-step", {
                value: energyWords(register.step, finding, f),
                from: f.instant(Date.parse(register.from)),
                to: f.instant(Date.parse(register.to)),
              })
            : t("vee.register-known", { value: energyWords(register.step - register.measured, finding, f) })}
      </dd>
      <dt>{t("vee.rule-fired")}</dt>
      <dd className="e-num">
        {rule.code} {ruleWords(t, rule.code)}
        {measured && limit ? (
          <>
            {": "}
            {t("vee.measured-limit", {
              measured: figure(measured),
              limit: figure(limit),
            })}
          </>
        ) : null}
        {Object.entries(rule.thresholds).map(([name, value]) => (
          <span key={name} className="e-muted">
            {" · "}
            {thresholdWords(t, name)} {f.number(value)}
          </span>
        ))}
      </dd>
      <BalanceFacts detail={detail} />
      {groups.map((group) => {
        const whole = group.difference.flatMap((value) => value ?? []);
        const sum = whole.reduce((total, value) => total + value, 0);
        const unit = displayUnit(group.unit, Math.abs(sum));
        return (
          <div key={group.groupId} style={{ display: "contents" }}>
            <dt>
              {may("groups.see") ? (
                <Link to="/cfg/groups/$groupId" params={{ groupId: group.groupId }} search={{}}>
                  {t("vee.balance", { group: group.name })}
                </Link>
              ) : (
                t("vee.balance", { group: group.name })
              )}
            </dt>
            <dd className="e-num">
              {whole.length === 0
                ? t("vee.balance-none")
                : t("vee.balance-of", {
                    value: `${f.number(sum * unit.factor, unit.digits)} ${unit.label}`,
                    count: whole.length,
                  })}
              <Curve values={group.difference} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Both sides of the group that a balance meter speaks for, on the day of the finding. */
function BalanceFacts({ detail: { finding } }: { readonly detail: Finding }) {
  const { t, f } = useLocale();
  const may = useMay();
  const { groupId, group, balance, members, technical } = finding.figures;
  if (groupId === undefined || balance === undefined || members === undefined) return null;
  const energy = (value: string) => `${f.decimal(value)} Wh`;
  const name = t("vee.balance", { group: group ?? groupId });
  return (
    <>
      <dt>
        {may("analysis.see") ? (
          <Link
            to="/an/balance/$groupId"
            params={{ groupId: Number(groupId) }}
            search={{ from: finding.day, to: addDays(finding.day, 1) }}
          >
            {name}
          </Link>
        ) : (
          name
        )}
      </dt>
      <dd className="e-num">
        {t("vee.balance-sides", { balance: energy(balance), members: energy(members) })}
        {technical === undefined ? null : ` · ${t("vee.balance-technical", { value: energy(technical) })}`}
      </dd>
    </>
  );
}

/** What is not accounted for over the day, small; the words beside it say the sum. */
function Curve({ values }: { readonly values: readonly (number | null)[] }) {
  const present = values.flatMap((value) => value ?? []);
  if (present.length < 2) return null;
  const most = Math.max(0, ...present);
  const least = Math.min(0, ...present);
  const y = (value: number) => 30 - (28 * (value - least)) / (most - least || 1);
  let path = "";
  values.forEach((value, slot) => {
    if (value === null) return;
    path += `${values[slot - 1] == null ? "M" : "L"}${(200 * slot) / values.length} ${y(value)}`;
  });
  return (
    <svg width="200" height="32" aria-hidden="true" style={{ display: "block" }}>
      <path className="e-day-original" d={`M0 ${y(0)}L200 ${y(0)}`} />
      <path className="e-day-measured" d={path} />
    </svg>
  );
}
