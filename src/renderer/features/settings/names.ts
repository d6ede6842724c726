import type { TFunction } from 'i18next'

/** What every setting is called, in the order of the settings view, which is tested to show them all. */
export function settingNames(t: TFunction<['palette', 'settings', 'library', 'trail', 'desktop']>, native: boolean): string[] {
  return [
    t('settings:appearance.theme'),
    t('settings:appearance.contrast'),
    t('settings:appearance.density'),
    t('settings:appearance.language'),
    t('settings:transfers.auto'),
    t('settings:transfers.attempts'),
    t('settings:uploads.threshold'),
    t('settings:uploads.chunk'),
    t('settings:transfers.limitUpload'),
    t('settings:transfers.limitDownload'),
    t('settings:hours.on'),
    t('settings:downloads.folder'),
    t('settings:downloads.naming'),
    t('settings:downloads.conflict'),
    t('settings:uploads.storeFileName'),
    t('settings:uploads.duplicates'),
    t('settings:uploads.finish'),
    t('settings:uploads.thumbnailSizes'),
    t('settings:uploads.thumbnailsAtUpload'),
    t('settings:uploads.thumbnailCache'),
    t('settings:uploads.thumbnailUse'),
    t('library:images.label'),
    t('library:trash.label'),
    t('library:backups.kept'),
    t('library:backups.cluster'),
    t('library:backups.title'),
    t('library:export.label'),
    t('library:merge.label'),
    t('settings:alerts.full'),
    t('settings:alerts.lag'),
    t('settings:alerts.offline'),
    t('settings:alerts.writable'),
    t('settings:alerts.leader'),
    ...(native ? [t('desktop:settings.background'), t('desktop:settings.notify'), t('desktop:settings.autoUpdate')] : []),
    t('trail:keep.label'),
    t('trail:diagnostics.label')
  ]
}
