import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { Field, Switch, TextField, cx } from '../../components/index.ts'
import { minuteOf, timeText, toggled, WEEK, weekdayName } from './hours.ts'
import { LimitSetting } from './LimitSetting.tsx'
import { saveSettings } from './save.ts'
import { useDraft } from './use-draft.ts'

type Hours = Settings['limitHours']

function TimeSetting({ label, minute, onSave }: { label: string; minute: number; onSave: (minute: number) => void }) {
  const { draft, setDraft, flush } = useDraft(
    timeText(minute),
    (text) => minuteOf(text) !== null,
    (text) => onSave(minuteOf(text) ?? minute)
  )
  return (
    <div onBlur={flush}>
      <Field inline label={label}>
        <TextField type="time" className="tabular w-30" value={draft} onChange={setDraft} />
      </Field>
    </div>
  )
}

function Weekdays({ days, onSave }: { days: readonly number[]; onSave: (days: number[]) => void }) {
  const { t, i18n } = useTranslation('settings')
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <span className="text-base font-medium text-text">{t('hours.days')}</span>
      <div role="group" aria-label={t('hours.days')} className="flex flex-wrap gap-1">
        {WEEK.map((day) => {
          const on = days.includes(day)
          return (
            <button
              key={day}
              type="button"
              aria-pressed={on}
              aria-label={weekdayName(day, i18n.language, 'long')}
              onClick={() => onSave(toggled(days, day))}
              className={cx(
                'h-7 min-w-9 rounded-md border px-1.5 text-sm transition-colors',
                on ? 'border-accent bg-accent-soft font-medium text-accent' : 'border-control bg-surface text-muted hover:text-text'
              )}
            >
              {weekdayName(day, i18n.language)}
            </button>
          )
        })}
      </div>
    </div>
  )
}

/** Other speed limits at certain hours. */
export function HoursSetting({ hours }: { hours: Hours }) {
  const { t } = useTranslation('settings')
  // Two changes may follow each other before the program has answered the first.
  const latest = useRef(hours)
  useEffect(() => {
    latest.current = hours
  }, [hours])
  const save = (patch: Partial<Hours>): void => {
    latest.current = { ...latest.current, ...patch }
    saveSettings({ limitHours: latest.current })
  }
  return (
    <>
      <Field inline label={t('hours.on')} hint={t('hours.onHint')}>
        <Switch checked={hours.on} onChange={(on) => save({ on })} />
      </Field>
      {hours.on ? (
        <>
          <TimeSetting label={t('hours.from')} minute={hours.fromMinute} onSave={(fromMinute) => save({ fromMinute })} />
          <TimeSetting label={t('hours.to')} minute={hours.toMinute} onSave={(toMinute) => save({ toMinute })} />
          <Weekdays days={hours.weekdays} onSave={(weekdays) => save({ weekdays })} />
          <LimitSetting
            label={t('hours.upload')}
            amountLabel={t('hours.uploadTo')}
            bytes={hours.uploadLimitBytes}
            onSave={(uploadLimitBytes) => save({ uploadLimitBytes })}
          />
          <LimitSetting
            label={t('hours.download')}
            amountLabel={t('hours.downloadTo')}
            bytes={hours.downloadLimitBytes}
            onSave={(downloadLimitBytes) => save({ downloadLimitBytes })}
          />
        </>
      ) : null}
    </>
  )
}
