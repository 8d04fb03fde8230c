import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { api, type Meter } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { Mark } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Test = Meter["tests"][number];
type Dialog = "test" | { readonly end: Test } | { readonly withdraw: Test };

/** Times in which the meter was under test: entered, ended, withdrawn. */
export function MeterTests({ meter, changes }: { readonly meter: Meter; readonly changes: boolean }) {
  const { t } = useLocale();
  const [dialog, setDialog] = useState<Dialog>();
  const end = () => setDialog(undefined);
  const title = (shown: Dialog) => {
    if (shown === "test") return t("meters.test");
    return "end" in shown ? t("meters.end-test") : t("meters.withdraw");
  };
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("meters.tests")}</h2>
        {changes ? (
          <Button variant="default" size="xs" onClick={() => setDialog("test")}>
            {t("meters.test")}
          </Button>
        ) : null}
      </div>
      {meter.tests.length === 0 ? (
        <p className="e-panel-body e-muted">{t("meters.tests-none")}</p>
      ) : (
        <TestTable tests={meter.tests} onChoose={changes ? setDialog : undefined} />
      )}
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        title={dialog === undefined ? "" : title(dialog)}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "test" ? <TestForm meter={meter} onEnd={end} /> : null}
        {typeof dialog === "object" ? (
          "end" in dialog ? (
            <EndForm meter={meter} test={dialog.end} onEnd={end} />
          ) : (
            <WithdrawalForm meter={meter} test={dialog.withdraw} onEnd={end} />
          )
        ) : null}
      </Modal>
    </section>
  );
}

function TestTable(props: {
  readonly tests: readonly Test[];
  readonly onChoose: ((dialog: Dialog) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const { tests, onChoose } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("meters.tests")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("meters.test-from")}</th>
            <th scope="col">{t("meters.test-to")}</th>
            <th scope="col">{t("form.reason")}</th>
            <th scope="col">{t("meters.by")}</th>
            <th scope="col" aria-label={t("meters.withdraw")} />
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr key={test.meterTestId}>
              <td className="e-nowrap">
                <Mark
                  shape={test.withdrawnBy === null ? "▲" : "⊘"}
                  tone={test.withdrawnBy === null ? "warning" : "muted"}
                >
                  {f.instant(Date.parse(test.from))}
                </Mark>
              </td>
              <td className="e-nowrap">
                {test.to === null ? t("meters.goes-on") : f.instant(Date.parse(test.to))}
              </td>
              <td className="e-break">{test.reason}</td>
              <td>{test.by || noValue}</td>
              <td>
                {test.withdrawnBy !== null ? (
                  <span className="e-small e-muted">
                    {t("meters.withdrawn", { by: test.withdrawnBy, why: test.withdrawnWhy ?? "" })}
                  </span>
                ) : onChoose ? (
                  <span className="e-row">
                    {test.to === null ? (
                      <Button variant="subtle" size="compact-sm" onClick={() => onChoose({ end: test })}>
                        {t("meters.test-end")}
                      </Button>
                    ) : null}
                    <Button variant="subtle" size="compact-sm" onClick={() => onChoose({ withdraw: test })}>
                      {t("meters.withdraw")}
                    </Button>
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface FormProps {
  readonly meter: Meter;
  readonly onEnd: () => void;
}

const changesOf = (meter: Meter) => [["meter", meter.meterId], ["meters"]];

function TestForm({ meter, onEnd }: FormProps) {
  const { t, zone } = useLocale();
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const begins = instantOfField(from, zone);
  const ends = to === "" ? null : instantOfField(to, zone);
  return (
    <ChangeForm
      changes={changesOf(meter)}
      onEnd={onEnd}
      complete={
        begins !== undefined && ends !== undefined && (ends === null || ends > begins) && isReason(reason)
      }
      run={() =>
        api.addMeterTest(meter.meterId, { from: begins ?? "", to: ends ?? null, reason: reason.trim() })
      }
    >
      <Field type="datetime-local" label={t("meters.test-from")} value={from} onChange={setFrom} />
      <Field type="datetime-local" label={t("meters.test-to")} value={to} onChange={setTo} />
      <p className="e-muted e-small">{t("meters.test-open")}</p>
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

function EndForm({ meter, test, onEnd }: FormProps & { readonly test: Test }) {
  const { t, zone } = useLocale();
  const [at, setAt] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [reason, setReason] = useState("");
  const ends = instantOfField(at, zone);
  return (
    <ChangeForm
      changes={changesOf(meter)}
      onEnd={onEnd}
      complete={ends !== undefined && ends > test.from && isReason(reason)}
      run={() => api.endMeterTest(meter.meterId, test.meterTestId, { at: ends ?? "", reason: reason.trim() })}
    >
      <Field type="datetime-local" label={t("meters.test-to")} value={at} onChange={setAt} />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

function WithdrawalForm({ meter, test, onEnd }: FormProps & { readonly test: Test }) {
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={changesOf(meter)}
      onEnd={onEnd}
      complete={isReason(reason)}
      run={() => api.withdrawMeterTest(meter.meterId, test.meterTestId, { reason: reason.trim() })}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
