import { Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { useId } from "react";
import type { Point } from "../api/client.ts";
import { obisSymbol } from "../parts/obis.ts";
import { useLocale } from "../text/provider.tsx";
import { type ExchangeForm, type faultsOf, plain, ratiosOf } from "./form.ts";

type Installation = Point["installations"][number];

interface Fields {
  readonly form: ExchangeForm;
  readonly change: (changes: Partial<ExchangeForm>) => void;
  readonly error: (field: keyof ReturnType<typeof faultsOf>) => string | undefined;
}

/** When it was, and what the meter that goes showed last; what it showed before stands beside it. */
export function OldMeterFields({ form, change, error, point }: Fields & { readonly point: Point }) {
  const { t, f, zone } = useLocale();
  return (
    <div className="e-panel-body e-fields">
      <TextInput
        type="datetime-local"
        step={60}
        label={t("exchange.at")}
        description={t("exchange.at-help", { zone })}
        value={form.at}
        error={error("at")}
        onChange={(event) => change({ at: event.currentTarget.value })}
      />
      {form.registers.map((register) => {
        const before = point.now.find(({ obis }) => obis === register.obis);
        return (
          <TextInput
            key={register.obis}
            label={t("exchange.last", { register: obisSymbol(register.obis), unit: register.unit })}
            description={
              before
                ? t("exchange.before", {
                    value: f.decimal(before.value),
                    at: f.instant(Date.parse(before.measuredAt)),
                  })
                : undefined
            }
            inputMode="decimal"
            autoComplete="off"
            value={register.last}
            error={error(`last ${register.obis}`)}
            onChange={(event) =>
              change({ registers: changed(form, register.obis, { last: event.currentTarget.value }) })
            }
          />
        );
      })}
    </div>
  );
}

const changed = (form: ExchangeForm, obis: string, typed: { last?: string; first?: string }) =>
  form.registers.map((one) => (one.obis === obis ? { ...one, ...typed } : one));

/** The meter that comes: its serial, its plate where nobody knows it, what it showed first, its constants and ratios. */
export function NewMeterFields(
  props: Fields & { readonly standing: Installation; readonly canRead: boolean },
) {
  const { t, f } = useLocale();
  const { form, change, error, standing } = props;
  const id = useId();
  const text = (
    field:
      | "serial"
      | "manufacturer"
      | "model"
      | "maxCurrentA"
      | "indexDigits"
      | "led"
      | "output"
      | "ctRatio"
      | "vtRatio"
      | "identity",
  ) => ({
    value: form[field],
    error: error(field),
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  });
  const { ratios } = ratiosOf(form, standing);
  const factor = form.primaryValues ? 1 : Number(plain(form.ctRatio)) * Number(plain(form.vtRatio));
  return (
    <div className="e-panel-body e-stack">
      <div className="e-fields">
        <TextInput label={t("exchange.serial")} maxLength={60} {...text("serial")} />
        <TextInput
          label={t("exchange.manufacturer")}
          description={form.isNew ? undefined : t("exchange.manufacturer-stock")}
          maxLength={60}
          {...text("manufacturer")}
        />
      </div>
      <Checkbox
        label={t("exchange.is-new")}
        checked={form.isNew}
        onChange={(event) =>
          change({
            isNew: event.currentTarget.checked,
            // A meter of the stock is known by its serial; the old one's manufacturer was only a guess.
            manufacturer: event.currentTarget.checked ? standing.manufacturer : "",
          })
        }
      />
      {form.isNew ? (
        <div className="e-fields">
          <TextInput label={t("exchange.model")} maxLength={60} {...text("model")} />
          <div>
            <p id={`${id}-phases`} className="e-field-label">
              {t("exchange.phases")}
            </p>
            <SegmentedControl
              aria-labelledby={`${id}-phases`}
              value={form.phases}
              onChange={(phases) => change({ phases: phases === "3" ? "3" : "1" })}
              data={["1", "3"]}
            />
          </div>
          <TextInput
            label={t("exchange.max-current")}
            description={t("exchange.max-current-help")}
            inputMode="decimal"
            {...text("maxCurrentA")}
          />
          <TextInput label={t("exchange.digits")} inputMode="numeric" {...text("indexDigits")} />
        </div>
      ) : null}
      <div className="e-fields">
        {form.registers.map((register) => (
          <TextInput
            key={register.obis}
            label={t("exchange.first", { register: obisSymbol(register.obis), unit: register.unit })}
            inputMode="decimal"
            autoComplete="off"
            value={register.first}
            error={error(`first ${register.obis}`)}
            onChange={(event) =>
              change({ registers: changed(form, register.obis, { first: event.currentTarget.value }) })
            }
          />
        ))}
        <TextInput
          label={t("exchange.led")}
          description={t("exchange.constants-help")}
          inputMode="decimal"
          {...text("led")}
        />
        <TextInput label={t("exchange.output")} inputMode="decimal" {...text("output")} />
        <TextInput label={t("ratios.ct")} inputMode="decimal" {...text("ctRatio")} />
        <TextInput label={t("ratios.vt")} inputMode="decimal" {...text("vtRatio")} />
      </div>
      <Checkbox
        label={t("ratios.primary")}
        checked={form.primaryValues}
        onChange={(event) => change({ primaryValues: event.currentTarget.checked })}
      />
      {ratios && Number.isFinite(factor) ? (
        <div className="e-notice" data-tone="warning" role="status">
          {t("exchange.ratio-changed", {
            factor: f.decimal(String(factor)),
            old: f.decimal(standing.factor),
          })}
        </div>
      ) : null}
      {props.canRead ? (
        <>
          <Checkbox
            label={t("exchange.read-here")}
            checked={form.isReadHere}
            onChange={(event) => change({ isReadHere: event.currentTarget.checked })}
          />
          {form.isReadHere ? (
            <TextInput
              label={t("exchange.identity")}
              description={t("exchange.identity-help")}
              maxLength={100}
              {...text("identity")}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}
