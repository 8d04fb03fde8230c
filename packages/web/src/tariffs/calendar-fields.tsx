import { TextInput } from "@mantine/core";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { type DayType, endOf, hoursByRate, type Named, newKey, type Register } from "./draft.ts";
import { useFaultAt } from "./faults.ts";
import {
  AddButton,
  changed,
  Fault,
  KeySelect,
  type PartProps,
  RemoveButton,
  without,
} from "./field-parts.tsx";

/** Names of the rates, and the register in which meters count each themselves. */
export function RateFields({ draft, change }: PartProps) {
  const { t } = useLocale();
  const faultAt = useFaultAt();
  const { rates, registers } = draft;
  const setRegister = (key: string, next: Partial<Register>) =>
    change({ registers: changed(registers, key, next) });
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.rates")}</legend>
      <div className="e-log-filters">
        {rates.map((rate, nth) => (
          <span key={rate.key} className="e-row">
            <span className="e-key" data-series={nth % 6} aria-hidden="true" />
            <TextInput
              size="xs"
              aria-label={t("tariffs.rate-number", { number: nth + 1 })}
              error={faultAt(`/calendar/rates/${nth}`)}
              value={rate.name}
              maxLength={60}
              onChange={(event) =>
                change({ rates: changed(rates, rate.key, { name: event.currentTarget.value }) })
              }
            />
            <RemoveButton what={rate.name} onClick={() => change({ rates: without(rates, rate.key) })} />
          </span>
        ))}
      </div>
      <Fault at="/calendar/rates" />
      <AddButton
        label={t("tariffs.add-rate")}
        onClick={() => change({ rates: [...rates, { key: newKey(), name: "" }] })}
      />
      <h3>{t("tariffs.registers")}</h3>
      <div className="e-log-filters">
        {registers.map((one, nth) => (
          <span key={one.key} className="e-row">
            <KeySelect
              label={t("tariffs.rate")}
              list={rates}
              value={one.rate}
              error={faultAt(`/registers/${nth}/rate`)}
              onChange={(rate) => setRegister(one.key, { rate })}
            />
            <TextInput
              size="xs"
              w={90}
              aria-label={t("tariffs.register")}
              inputMode="numeric"
              error={faultAt(`/registers/${nth}/register`)}
              value={one.register}
              onChange={(event) => setRegister(one.key, { register: event.currentTarget.value })}
            />
            <RemoveButton
              what={t("tariffs.register")}
              onClick={() => change({ registers: without(registers, one.key) })}
            />
          </span>
        ))}
      </div>
      <AddButton
        label={t("tariffs.add-register")}
        onClick={() =>
          change({
            registers: [
              ...registers,
              {
                key: newKey(),
                rate: rates.find(({ key }) => registers.every(({ rate }) => rate !== key))?.key ?? "",
                register: String(registers.length + 1),
              },
            ],
          })
        }
      />
    </fieldset>
  );
}

/** Each day type: its hours by rate, as a table of times. */
export function DayTypeFields({ draft, change }: PartProps) {
  const { t } = useLocale();
  const { dayTypes } = draft;
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.day-types")}</legend>
      {dayTypes.map((dayType, nth) => (
        <DayTypeTable
          key={dayType.key}
          dayType={dayType}
          path={`/calendar/dayProfiles/${nth}`}
          rates={draft.rates}
          onChange={(next) => change({ dayTypes: changed(dayTypes, dayType.key, next) })}
          onRemove={() => change({ dayTypes: without(dayTypes, dayType.key) })}
        />
      ))}
      <AddButton
        label={t("tariffs.add-day-type")}
        onClick={() =>
          change({
            dayTypes: [
              ...dayTypes,
              {
                key: newKey(),
                name: "",
                switches: [{ key: newKey(), time: "00:00", rate: draft.rates[0]?.key ?? "" }],
              },
            ],
          })
        }
      />
    </fieldset>
  );
}

const quarterSeconds = 900;

function DayTypeTable(props: {
  readonly dayType: DayType;
  readonly path: string;
  readonly rates: readonly Named[];
  readonly onChange: (next: Partial<DayType>) => void;
  readonly onRemove: () => void;
}) {
  const { t, f } = useLocale();
  const faultAt = useFaultAt();
  const { dayType, path, rates, onChange } = props;
  const { switches } = dayType;
  return (
    <div className="e-stack" style={{ gap: 8 }}>
      <div className="e-row">
        <TextInput
          size="xs"
          aria-label={t("tariffs.day-type")}
          placeholder={t("tariffs.day-type")}
          error={faultAt(`${path}/id`)}
          value={dayType.name}
          maxLength={60}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <span className="e-muted e-small">
          {hoursByRate(dayType, rates)
            .map(({ name, hours }) => `${name} ${f.number(hours, Number.isInteger(hours) ? 0 : 2)} h`)
            .join(" · ")}
        </span>
        <RemoveButton what={dayType.name} onClick={props.onRemove} />
      </div>
      <Fault at={`${path}/switches`} />
      <Scrolled label={t("tariffs.hours-of", { profile: dayType.name })}>
        <table className="e-list-table" style={{ width: "auto" }}>
          <thead>
            <tr>
              <th scope="col">{t("tariffs.time-from")}</th>
              <th scope="col">{t("tariffs.time-to")}</th>
              <th scope="col">{t("tariffs.rate")}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {switches.map((one, nth) => (
              <tr key={one.key}>
                <td>
                  <TextInput
                    size="xs"
                    type="time"
                    step={quarterSeconds}
                    aria-label={t("tariffs.time-from")}
                    error={faultAt(`${path}/switches/${nth}/minute`)}
                    value={one.time}
                    onChange={(event) =>
                      onChange({ switches: changed(switches, one.key, { time: event.currentTarget.value }) })
                    }
                  />
                </td>
                <td className="e-num">{endOf(dayType, one.key)}</td>
                <td>
                  <KeySelect
                    label={t("tariffs.rate")}
                    list={rates}
                    value={one.rate}
                    error={faultAt(`${path}/switches/${nth}/rate`)}
                    onChange={(rate) => onChange({ switches: changed(switches, one.key, { rate }) })}
                  />
                </td>
                <td>
                  <RemoveButton
                    what={one.time}
                    onClick={() => onChange({ switches: without(switches, one.key) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <AddButton
        label={t("tariffs.add-hours")}
        onClick={() => onChange({ switches: [...switches, { key: newKey(), time: "", rate: "" }] })}
      />
    </div>
  );
}
