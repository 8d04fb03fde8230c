import "./texts.ts";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useLocale } from "../text/provider.tsx";
import { FindingRows } from "./finding-list.tsx";
import { FindingPanel } from "./finding-panel.tsx";
import { undoLast } from "./last-act.ts";
import { MonthHead } from "./month-head.tsx";
import { findingQuery, findingsQuery, qualityQuery } from "./queries.ts";
import { ages, findingStates, owners, severities, type ValidationSearch } from "./search.ts";
import { ruleWords } from "./words.ts";

/** The work list of validation: what to decide on the left, one finding with its day on the right, by keyboard. */
export function ValidationPage() {
  const { t, f } = useLocale();
  const search = useSearch({ from: "/inside/op/validation" });
  const navigate = useNavigate();
  const list = useQuery(findingsQuery(search));
  const rows = list.data?.rows ?? [];
  // On a wide screen the first one is open without being asked for; on a phone the list is.
  const chosen = search.finding ?? rows[0]?.findingId;
  const at = rows.findIndex(({ findingId }) => findingId === chosen);
  const open = (finding: number | undefined) => {
    const { finding: _, ...rest } = search;
    void navigate({
      to: "/op/validation",
      search: finding === undefined ? rest : { ...rest, finding },
      replace: true,
    });
  };
  const move = (by: number) => {
    const next = rows[at < 0 ? 0 : at + by];
    if (next) open(next.findingId);
  };
  const next = () => open((rows[at + 1] ?? rows[at - 1])?.findingId);
  useShortcuts({ j: () => move(1), k: () => move(-1), u: undoLast });
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.validation") }]}
        title={t("nav.validation")}
        aside={<MonthHead />}
      />
      <div className="e-stack">
        <Filters search={search} counts={list.data?.counts ?? []} waiting={list.data?.waiting ?? 0} />
        {list.isPending ? <Waiting /> : null}
        {list.isError ? <ProblemNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.data && rows.length === 0 && search.finding === undefined ? (
          <section className="e-panel">
            <EmptyNotice title={t("vee.none")}>{t("vee.none-do")}</EmptyNotice>
          </section>
        ) : null}
        {rows.length > 0 || search.finding !== undefined ? (
          <div className="e-work" data-open={search.finding !== undefined}>
            <section className="e-panel e-work-left" aria-label={t("vee.list")}>
              <FindingRows rows={rows} chosen={chosen} onChoose={open} />
              {list.data ? (
                <p className="e-muted e-small e-num" style={{ padding: "6px 12px" }}>
                  {t("vee.shown-of", { shown: f.number(rows.length), total: f.number(list.data.total) })}
                </p>
              ) : null}
            </section>
            <div className="e-work-right">
              {chosen === undefined ? null : (
                <Chosen
                  key={chosen}
                  findingId={chosen}
                  search={search}
                  onNext={next}
                  onBack={() => open(undefined)}
                />
              )}
            </div>
          </div>
        ) : null}
      </div>
    </>
  );
}

function Chosen(props: {
  readonly findingId: number;
  readonly search: ValidationSearch;
  readonly onNext: () => void;
  readonly onBack: () => void;
}) {
  const query = useQuery(findingQuery(props.findingId));
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <FindingPanel detail={query.data} search={props.search} onNext={props.onNext} onBack={props.onBack} />
  );
}

type Counts = readonly { readonly rule: string; readonly count: number }[];

/** Rules as chips with what is left of each; state, severity, owner, age and branch beside them. */
function Filters(props: {
  readonly search: ValidationSearch;
  readonly counts: Counts;
  readonly waiting: number;
}) {
  const { t, f } = useLocale();
  const navigate = useNavigate();
  const { search } = props;
  const byBranch = useQuery(qualityQuery()).data?.byBranch ?? [];
  const change = (next: ValidationSearch) => {
    const { finding: _, ...rest } = next;
    void navigate({ to: "/op/validation", search: rest, replace: true });
  };
  const without = (name: keyof ValidationSearch): ValidationSearch => {
    const { [name]: _, ...rest } = search;
    return rest;
  };
  const byRule = Object.entries(
    props.counts.reduce<Record<string, number>>((sums, { rule, count }) => {
      sums[rule] = (sums[rule] ?? 0) + count;
      return sums;
    }, {}),
  ).sort(([, a], [, b]) => b - a);
  const total = byRule.reduce((sum, [, count]) => sum + count, 0);
  const select = (
    label: string,
    value: string,
    data: { value: string; label: string }[],
    onChange: (value: string) => void,
  ) => (
    <Select
      aria-label={label}
      size="xs"
      style={{ flex: "0 1 160px" }}
      allowDeselect={false}
      value={value}
      data={data}
      onChange={(next) => onChange(next ?? "")}
    />
  );
  return (
    <section className="e-row" aria-label={t("vee.filters")}>
      <button
        type="button"
        className="e-chip e-num"
        aria-pressed={!search.rule}
        onClick={() => change(without("rule"))}
      >
        {t("vee.issues", { count: f.number(total) })}
      </button>
      {byRule.map(([rule, count]) => (
        <button
          key={rule}
          type="button"
          className="e-chip e-num"
          aria-pressed={search.rule === rule}
          onClick={() => change(search.rule === rule ? without("rule") : { ...search, rule })}
        >
          {ruleWords(t, rule)} {f.number(count)}
        </button>
      ))}
      {props.waiting > 0 || search.field ? (
        <button
          type="button"
          className="e-chip e-num"
          aria-pressed={search.field === "waiting"}
          onClick={() => change(search.field ? without("field") : { ...search, field: "waiting" })}
        >
          ◌ {t("task.waits-count", { count: f.number(props.waiting) })}
        </button>
      ) : null}
      {select(
        t("vee.state"),
        search.state ?? "due",
        findingStates.map((value) => ({ value, label: t(`vee.state.${value}`) })),
        (value) => {
          const state = findingStates.find((one) => one === value);
          change(state && state !== "due" ? { ...search, state } : without("state"));
        },
      )}
      {select(
        t("vee.severity"),
        search.severity ?? "",
        [
          { value: "", label: t("vee.severity.any") },
          ...severities.map((value) => ({ value, label: t(`vee.severity.${value}`) })),
        ],
        (value) => {
          const severity = severities.find((one) => one === value);
          change(severity ? { ...search, severity } : without("severity"));
        },
      )}
      {select(
        t("vee.owner"),
        search.owner ?? "",
        [
          { value: "", label: t("vee.owner.any") },
          ...owners.map((value) => ({ value, label: t(`vee.owner.${value}`) })),
        ],
        (value) => {
          const owner = owners.find((one) => one === value);
          change(owner ? { ...search, owner } : without("owner"));
        },
      )}
      {select(
        t("vee.age"),
        String(search.olderThanDays ?? ""),
        [
          { value: "", label: t("vee.age.any") },
          ...ages.map((days) => ({ value: String(days), label: t("vee.age.days", { days }) })),
        ],
        (value) => {
          const olderThanDays = ages.find((one) => String(one) === value);
          change(olderThanDays ? { ...search, olderThanDays } : without("olderThanDays"));
        },
      )}
      {byBranch.length > 1
        ? select(
            t("vee.branch"),
            String(search.branchId ?? ""),
            [
              { value: "", label: t("vee.branch.any") },
              ...byBranch.map(({ branchId, branch }) => ({
                value: String(branchId),
                label: branch.join(" › "),
              })),
            ],
            (value) => change(value === "" ? without("branchId") : { ...search, branchId: Number(value) }),
          )
        : null}
    </section>
  );
}
