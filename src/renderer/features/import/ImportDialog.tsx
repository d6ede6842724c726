import { FileClock, FileSpreadsheet, Server } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog, cx } from '../../components/index.ts'
import { BinlogWay } from './BinlogWay.tsx'
import { Jobs } from './Jobs.tsx'
import { ListWay } from './ListWay.tsx'
import { ServerWay } from './ServerWay.tsx'
import { useJobs } from './use-jobs.ts'

export type ImportWay = 'server' | 'binlog' | 'list'

const WAYS: readonly (readonly [ImportWay, LucideIcon])[] = [
  ['server', Server],
  ['binlog', FileClock],
  ['list', FileSpreadsheet]
]

/** Files that exist already come into the library: asked from a server, from its log, or from a list. */
export function ImportDialog({ way: first, text, onClose }: { way: ImportWay; text: string; onClose: () => void }) {
  const { t } = useTranslation('import')
  const [way, setWay] = useState(first)
  const jobs = useJobs()
  return (
    <Dialog open size="xl" tall testId="import-dialog" onClose={onClose} title={t('title')} description={t('text')}>
      <div className="flex min-h-0 flex-1 flex-col gap-4">
        <div role="radiogroup" aria-label={t('way.label')} className="grid shrink-0 grid-cols-3 gap-2">
          {WAYS.map(([value, Icon]) => (
            <button
              key={value}
              type="button"
              role="radio"
              aria-checked={way === value}
              data-testid={`import-way-${value}`}
              onClick={() => setWay(value)}
              className={cx(
                'flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-left transition-colors',
                way === value ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover'
              )}
            >
              <Icon size={18} className={cx('mt-0.5 shrink-0', way === value ? 'text-accent' : 'text-muted')} aria-hidden="true" />
              <span className="flex min-w-0 flex-col">
                <span className="font-medium text-text">{t(`way.${value}`)}</span>
                <span className="text-sm text-muted">{t(`way.${value}Hint`)}</span>
              </span>
            </button>
          ))}
        </div>
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          {way === 'server' ? <ServerWay jobs={jobs} /> : way === 'binlog' ? <BinlogWay /> : <ListWay initial={text} />}
        </div>
        <Jobs jobs={jobs} />
      </div>
    </Dialog>
  )
}
