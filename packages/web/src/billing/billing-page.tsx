import "./texts.ts";
import { Button, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { api } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import type { ValidationSearch } from "../validation/search.ts";
import { ClosingList } from "./closing-list.tsx";
import { CorrectionList } from "./correction-list.tsx";
import type { BillingSearch } from "./search.ts";
import { ValueList } from "./value-list.tsx";

/** The month before that of a day. */
const monthBefore = (day: string): string => {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, "0")}`;
};

/** A month's billing: what stands in its way, who closed it, what was frozen, and what is different since. */
export function BillingPage() {
  const { t, f, zone } = useLocale();
  const search = useSearch({ from: "/inside/op/billing" });
  const navigate = useNavigate();
  const may = useMay();
  const today = dayOf(useNow(60_000), zone);
  const month = search.month ?? monthBefore(today);
  const firstDay = `${month}-01`;
  const change = (next: BillingSearch) => void navigate({ to: "/op/billing", search: next, replace: true });
  const [asking, setAsking] = useState(false);
  const outlook = useQuery({
    queryKey: ["billing", "outlook", month, search.branch ?? 0],
    queryFn: ({ signal }) =>
      api.billingOutlook(
        { month: firstDay, ...(search.branch === undefined ? {} : { branch: search.branch }) },
        signal,
      ),
  });
  const data = outlook.data;
  const branch = data?.branches.find(({ branchId }) => branchId === search.branch);
  const monthName = f.month(Date.parse(`${firstDay}T12:00:00Z`));
  const part = branch
    ? branch.path.join(" › ")
    : t(data?.wholeNetwork === false ? "billing.all-mine" : "billing.all");
  const canAsk =
    data?.over === true && (search.branch !== undefined || data.wholeNetwork) && data.points > data.closed;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.operate") }, { label: t("nav.billing") }]}
        title={t("nav.billing")}
        actions={
          may("billing.change") ? (
            <Button disabled={!canAsk} onClick={() => setAsking(true)}>
              {t("billing.ask")}
            </Button>
          ) : null
        }
      />
      <div className="e-stack">
        <div className="e-log-filters">
          <TextInput
            type="month"
            label={t("billing.month")}
            value={month}
            onChange={(event) => {
              const { closing: _closing, ...rest } = search;
              if (/^\d{4}-\d\d$/.test(event.currentTarget.value))
                change({ ...rest, month: event.currentTarget.value });
            }}
          />
          <NativeSelect
            label={t("billing.branch")}
            value={search.branch ?? ""}
            onChange={(event) => {
              const { branch: _branch, ...rest } = search;
              const chosen = Number(event.currentTarget.value);
              change(chosen > 0 ? { ...rest, branch: chosen } : rest);
            }}
            data={[
              { value: "", label: t(data?.wholeNetwork === false ? "billing.all-mine" : "billing.all") },
              ...(data?.branches ?? []).map(({ branchId, path }) => ({
                value: String(branchId),
                label: path.join(" › "),
              })),
            ]}
          />
        </div>
        {outlook.isPending ? <Waiting /> : null}
        {outlook.isError ? (
          <ProblemNotice error={outlook.error} onRetry={() => void outlook.refetch()} />
        ) : null}
        {data ? <Outlook data={data} monthName={monthName} branchId={search.branch} /> : null}
        <ClosingList
          month={firstDay}
          chosen={search.closing}
          onChoose={(closing) => {
            const { closing: _closing, ...rest } = search;
            change(closing === undefined ? rest : { ...rest, closing });
          }}
        />
        {search.closing === undefined ? null : <ValueList closeId={search.closing} monthName={monthName} />}
        <CorrectionList month={firstDay} branchId={search.branch ?? null} />
      </div>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("billing.ask-title", { month: monthName, part })}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {data ? (
          <AskForm
            month={firstDay}
            branchId={search.branch ?? null}
            ready={data.ready}
            rest={data.points - data.closed - data.ready}
            onEnd={() => setAsking(false)}
          />
        ) : null}
      </Modal>
    </>
  );
}

type OutlookData = Awaited<ReturnType<typeof api.billingOutlook>>;

function Outlook(props: {
  readonly data: OutlookData;
  readonly monthName: string;
  readonly branchId: number | undefined;
}) {
  const { data, monthName, branchId } = props;
  const { t, f } = useLocale();
  const open = data.points - data.closed;
  const share = (part: number, whole: number) =>
    whole === 0 ? "–" : f.percent(Math.floor((1_000 * part) / whole) / 10);
  const inBranch = branchId === undefined ? {} : { branchId };
  const findings = (text: string, search: ValidationSearch) => (
    <Link key={text} to="/op/validation" search={{ ...search, ...inBranch }}>
      {text}
    </Link>
  );
  const issues: ReactNode[] = [];
  if (data.neverRead > 0)
    issues.push(
      <Link key="never" to="/points" search={{ state: "never" }}>
        {t("billing.issue-never", { count: data.neverRead })}
      </Link>,
    );
  if (data.gaps > 0)
    issues.push(findings(t("billing.issue-gaps", { count: data.gaps }), { rule: "V03", state: "open" }));
  if (data.openFindings > 0)
    issues.push(
      findings(t("billing.issue-findings", { count: data.openFindings }), { severity: "F", state: "open" }),
    );
  for (const row of data.byRule)
    issues.push(
      findings(t("billing.issue-rule", { ...row }), { rule: row.rule, severity: "F", state: "open" }),
    );
  if (data.editsWaiting > 0)
    issues.push(
      <Link key="edits" to="/op/validation/edits">
        {t("billing.issue-edits", { count: data.editsWaiting })}
      </Link>,
    );
  return (
    <section className="e-panel" aria-labelledby="outlook">
      <div className="e-panel-head">
        <h2 id="outlook">
          {t("billing.outlook")} · {monthName}
        </h2>
        {data.over ? null : (
          <Mark shape="▲" tone="warning">
            {t("billing.not-over")}
          </Mark>
        )}
      </div>
      <div className="e-panel-body e-stack">
        <dl className="e-statistics">
          {(
            [
              ["billing.points", data.points, ""],
              ["billing.closed", data.closed, share(data.closed, data.points)],
              ["billing.ready", data.ready, share(data.ready, open)],
              ["billing.blocked", open - data.ready, share(open - data.ready, open)],
            ] as const
          ).map(([key, count, detail]) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd className="e-num">
                <strong>{f.number(count)}</strong>
                <span className="e-muted e-small">{detail}</span>
              </dd>
            </div>
          ))}
        </dl>
        <p className="e-small e-muted">{t("billing.ready-lead")}</p>
        <div>
          <h3 className="e-story-head">{t("billing.issues")}</h3>
          {issues.length === 0 ? (
            <Mark shape="●" tone="ok">
              {t("billing.no-issues")}
            </Mark>
          ) : (
            <ul className="e-billing-issues">
              {issues.map((issue, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they stand in one order.
                <li key={nth}>
                  <Mark shape="▲" tone="warning">
                    {issue}
                  </Mark>
                </li>
              ))}
            </ul>
          )}
          {data.estimated > 0 ? (
            <div className="e-billing-note">
              <Mark shape="◌" tone="muted">
                {t("billing.issue-estimated", { count: data.estimated })}
              </Mark>
            </div>
          ) : null}
        </div>
      </div>
    </section>
  );
}

function AskForm(props: {
  readonly month: string;
  readonly branchId: number | null;
  readonly ready: number;
  readonly rest: number;
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const ask = useMutation({
    mutationFn: () =>
      api.askBillingClose({ month: props.month, branchId: props.branchId, reason: reason.trim() }),
    onSuccess: async () => {
      notifications.show({ message: t("billing.asked") });
      await queries.invalidateQueries({ queryKey: ["billing"] });
      props.onEnd();
    },
  });
  const complete = reason.trim().length >= 3;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) ask.mutate();
      }}
    >
      {ask.isError ? <ProblemNotice error={ask.error} /> : null}
      <p>{t("billing.ask-effect", { ready: props.ready, rest: props.rest })}</p>
      <p className="e-small e-muted">{t("billing.ask-forever")}</p>
      <Textarea
        label={t("billing.reason")}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className="e-row">
        <Button type="submit" disabled={!complete} loading={ask.isPending}>
          {t("billing.ask")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
