import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract.ts'
import { NumberSetting } from '../settings/NumberSetting.tsx'
import { saveSettings } from '../settings/save.ts'

/** From when on each alert of the cluster is told. */
export function AlertSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <NumberSetting
        label={t('alerts.offline')}
        hint={t('alerts.offlineHint')}
        value={settings.alertOfflineSeconds}
        range={{ min: 0, max: 604_800 }}
        unit={t('unit.seconds')}
        onSave={(alertOfflineSeconds) => saveSettings({ alertOfflineSeconds })}
      />
      <NumberSetting
        label={t('alerts.full')}
        hint={t('alerts.fullHint')}
        value={settings.alertFullPercent}
        range={{ min: 1, max: 90 }}
        unit={t('unit.percent')}
        onSave={(alertFullPercent) => saveSettings({ alertFullPercent })}
      />
      <NumberSetting
        label={t('alerts.lag')}
        hint={t('alerts.lagHint')}
        value={settings.alertLagSeconds}
        range={{ min: 10, max: 604_800 }}
        unit={t('unit.seconds')}
        onSave={(alertLagSeconds) => saveSettings({ alertLagSeconds })}
      />
      <NumberSetting
        label={t('alerts.writable')}
        hint={t('alerts.writableHint')}
        value={settings.alertWritable}
        range={{ min: 1, max: 64 }}
        onSave={(value) => saveSettings({ alertWritable: Math.round(value) })}
      />
      <NumberSetting
        label={t('alerts.leader')}
        hint={t('alerts.leaderHint')}
        value={settings.alertLeaderSeconds}
        range={{ min: 0, max: 86_400 }}
        unit={t('unit.seconds')}
        onSave={(alertLeaderSeconds) => saveSettings({ alertLeaderSeconds })}
      />
    </>
  )
}
