import { Info } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportJob } from '../../../shared/import.ts'
import type { StorageInfo } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { Button, Checkbox, EmptyState, ErrorState, Field, Select, Spinner, toastError } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { useGroups } from './use-groups.ts'

const addressOf = (storage: StorageInfo): string =>
  storage.host.includes(':') ? `[${storage.host}]:${storage.port}` : `${storage.host}:${storage.port}`
const ALL = 'all'

/** A storage server is asked for the names of all its files. */
export function ServerWay({ jobs }: { jobs: readonly ImportJob[] }) {
  const { t } = useTranslation(['import', 'common'])
  const format = useFormat()
  const { groups, error, again } = useGroups()
  const [chosen, setChosen] = useState({ group: '', storage: '', path: ALL })
  const [read, setRead] = useState(true)
  const [starting, setStarting] = useState(false)
  if (groups === null) return <Spinner className="m-auto" size={22} />
  if (error !== null) return <ErrorState className="flex-1" title={t('server.failed')} error={error} onRetry={again} />
  const group = groups.find(({ name }) => name === chosen.group) ?? groups[0]
  if (!group) return <EmptyState className="flex-1" title={t('server.none')} />
  const storages = group.storages.filter((storage) => storage.status === 'active' || storage.status === 'online')
  const storage = storages.find((each) => addressOf(each) === chosen.storage) ?? storages[0]
  const address = storage ? addressOf(storage) : ''
  const running = jobs.some((job) => job.kind === 'listing' && job.state === 'running' && job.source === address)
  const paths = Array.from({ length: Math.max(1, storage?.storePathCount ?? 1) }, (_, index) => index)
  const path = paths.some((index) => String(index) === chosen.path) ? chosen.path : ALL
  const start = (): void => {
    setStarting(true)
    call('import.listing', { group: group.name, storage: address, paths: path === ALL ? null : [Number(path)], read })
      .catch(toastError)
      .finally(() => setStarting(false))
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-3 gap-3">
        <Field label={t('server.group')}>
          <Select
            testId="import-group"
            value={group.name}
            onChange={(name) => setChosen({ group: name, storage: '', path: ALL })}
            options={groups.map(({ name }) => ({ value: name, label: name }))}
          />
        </Field>
        <Field label={t('server.storage')}>
          <Select
            testId="import-storage"
            value={address}
            onChange={(next) => setChosen({ ...chosen, group: group.name, storage: next, path: ALL })}
            options={storages.map((each) => ({ value: addressOf(each), label: addressOf(each) }))}
          />
        </Field>
        <Field label={t('server.path')}>
          <Select
            testId="import-path"
            value={path}
            onChange={(next) => setChosen({ group: group.name, storage: address, path: next })}
            options={[
              { value: ALL, label: t('server.allPaths', { count: paths.length, number: format.number(paths.length) }) },
              ...paths.map((index) => ({ value: String(index), label: `M${index.toString(16).toUpperCase().padStart(2, '0')}` }))
            ]}
          />
        </Field>
      </div>
      <Checkbox checked={read} onChange={setRead} hint={t('read.hint')}>
        {t('read.label')}
      </Checkbox>
      <div className="flex items-start gap-2.5 rounded-lg bg-sunken px-3 py-2.5 text-base text-muted">
        <Info size={16} className="mt-0.5 shrink-0" aria-hidden="true" />
        <div className="flex flex-col gap-1">
          <span>{t('server.cost')}</span>
          <span>{path === ALL ? t('server.missing') : t('server.missingPath')}</span>
        </div>
      </div>
      <div className="flex items-center gap-3">
        <Button variant="primary" size="lg" disabled={address === '' || running} busy={starting} onClick={start}>
          {t('server.start', { group: group.name })}
        </Button>
        {running ? <span className="text-base text-muted">{t('server.running')}</span> : null}
        {storages.length === 0 ? <span className="text-base text-danger">{t('server.noStorage')}</span> : null}
      </div>
    </div>
  )
}
