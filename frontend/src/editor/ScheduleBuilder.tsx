import { useId } from "react";

import { cronOf, EVERY, FIRST, plainOf, STEPS } from "../document/schedule";
import type { Every, Plain } from "../document/schedule";
import { t } from "../text";
import type { Text } from "../text";
import { nameOfDay } from "../text/schedules";

const WORDS: Readonly<Record<Every, Text>> = {
  weekday: "every weekday, Monday to Friday",
  day: "every day",
  week: "on days of the week",
  month: "on a day of the month",
  hour: "every hour",
  minutes: "every few minutes",
};

/** When it starts, by choosing. What was chosen is a cron rule, which stands below and can be written too. */
export function ScheduleBuilder({
  cron,
  isReadOnly,
  onChange,
}: {
  cron: string;
  isReadOnly: boolean;
  onChange: (cron: string) => void;
}): React.JSX.Element {
  const id = useId();
  const plain = plainOf(cron);
  const shown = plain ?? FIRST;
  const change = (part: Partial<Plain>): void => {
    onChange(cronOf({ ...shown, ...part }));
  };
  return (
    <fieldset className="field big" disabled={isReadOnly}>
      <legend>{t("When it starts")}</legend>
      <div className="fields">
        <div className="field">
          <label htmlFor={`${id}-every`}>{t("How often")}</label>
          <select
            id={`${id}-every`}
            value={plain ? plain.every : ""}
            onChange={(event) => {
              if (event.target.value !== "") change({ every: event.target.value as Every });
            }}
          >
            {plain ? null : (
              <option value="">{cron === "" ? t("Choose…") : t("as the cron rule says")}</option>
            )}
            {EVERY.map((each) => (
              <option key={each} value={each}>
                {t(WORDS[each])}
              </option>
            ))}
          </select>
        </div>
        {plain?.every === "week" ? (
          <div className="row" role="group" aria-label={t("Days of the week")}>
            {[1, 2, 3, 4, 5, 6, 7].map((day) => {
              const isOn = plain.days.includes(day);
              const days = isOn ? plain.days.filter((each) => each !== day) : [...plain.days, day];
              return (
                <button
                  key={day}
                  type="button"
                  className="small"
                  aria-pressed={isOn}
                  title={nameOfDay(day, "long")}
                  disabled={isOn && days.length === 0}
                  onClick={() => {
                    change({ days });
                  }}
                >
                  {nameOfDay(day, "short")}
                </button>
              );
            })}
          </div>
        ) : null}
        {plain?.every === "month" ? (
          <div className="field">
            <label htmlFor={`${id}-day`}>{t("Day of the month")}</label>
            <input
              id={`${id}-day`}
              type="number"
              min={1}
              max={31}
              value={plain.day}
              aria-describedby={plain.day > 28 ? `${id}-short` : undefined}
              onChange={(event) => {
                const day = Math.round(Number(event.target.value));
                if (day >= 1 && day <= 31) change({ day });
              }}
            />
            {plain.day > 28 ? (
              <p className="help" id={`${id}-short`}>
                {t("In months that are shorter it does not start.")}
              </p>
            ) : null}
          </div>
        ) : null}
        {plain?.every === "minutes" ? (
          <div className="field">
            <label htmlFor={`${id}-minutes`}>{t("Minutes apart")}</label>
            <select
              id={`${id}-minutes`}
              value={plain.minutes}
              onChange={(event) => {
                change({ minutes: Number(event.target.value) });
              }}
            >
              {STEPS.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {plain?.every === "hour" ? (
          <div className="field">
            <label htmlFor={`${id}-minute`}>{t("Minute of the hour")}</label>
            <input
              id={`${id}-minute`}
              type="number"
              min={0}
              max={59}
              value={Number(plain.time.slice(3))}
              onChange={(event) => {
                const minute = Math.round(Number(event.target.value));
                if (minute >= 0 && minute <= 59) change({ time: `00:${String(minute).padStart(2, "0")}` });
              }}
            />
          </div>
        ) : null}
        {plain && ["weekday", "day", "week", "month"].includes(plain.every) ? (
          <div className="field">
            <label htmlFor={`${id}-time`}>{t("At")}</label>
            <input
              id={`${id}-time`}
              type="time"
              required
              value={plain.time}
              onChange={(event) => {
                if (event.target.value) change({ time: event.target.value.slice(0, 5) });
              }}
            />
          </div>
        ) : null}
      </div>
    </fieldset>
  );
}
