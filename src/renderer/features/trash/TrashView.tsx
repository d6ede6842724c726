import { Trash2, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { client } from '../../api/client.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { useViewRequest } from '../../app/view-request.ts'
import { Art, Button, ConfirmDialog, EmptyState, ErrorState, toast, toastError, ViewHeader } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import { LoadingRows } from '../files/LoadingRows.tsx'
import { ProductionConsent, useProduction } from './production.tsx'
import { TrashList } from './TrashList.tsx'

/** Numbers of everything in the trash, fresh after every change. */
function useTrash(): { ids: number[] | null; error: ErrorData | null; reload: () => void } {
  const [state, setState] = useState<{ ids: number[] | null; error: ErrorData | null }>({ ids: null, error: null })
  const [asked, setAsked] = useState(0)
  const reload = (): void => setAsked((now) => now + 1)
  useEffect(() => {
    let current = true
    client()
      .call('trash.list', {})
      .then(
        (ids) => current && setState({ ids, error: null }),
        (thrown: unknown) => current && setState({ ids: null, error: toAppError(thrown).toData() })
      )
    return () => {
      current = false
    }
  }, [asked])
  useEffect(() => {
    const stops = [client().on('library.changed', reload), client().on('profiles.changed', reload), client().onReconnect(reload)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])
  return { ...state, reload }
}

/** What was deleted and can still be restored. */
export function TrashView() {
  const { t } = useTranslation('trash')
  const format = useFormat()
  const days = useInfo((info) => info.settings.trashDays)
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const { ids, error, reload } = useTrash()
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [asking, setAsking] = useState<'some' | 'all' | null>(null)
  const production = useProduction()
  const total = ids?.length ?? 0
  const selected = (ids ?? []).filter((id) => chosen.has(id))

  const restore = (which: number[] | null): void => {
    client()
      .call('trash.restore', which === null ? {} : { ids: which })
      .then(({ count }) => {
        setChosen(new Set())
        toast({ kind: 'success', key: 'trash', title: t('restored', { count, number: format.number(count) }) })
      })
      .catch(toastError)
  }
  const remove = (which: number[] | null): void => {
    setAsking(null)
    client()
      .call('trash.remove', { confirmed: production.agreed, ...(which === null ? {} : { ids: which }) })
      .then(() => setChosen(new Set()))
      .catch(toastError)
  }
  useViewRequest('trash', ids !== null, (what) => {
    if (total === 0 || !writable) return
    if (what === 'restore') restore(null)
    if (what === 'empty') setAsking('all')
  })
  const some = selected.length > 0
  const number = format.number(asking === 'all' ? total : selected.length)
  return (
    <div className="flex h-full flex-col" data-testid="trash-view">
      <ViewHeader
        title={t('title')}
        text={
          <span className="tabular" data-testid="trash-count">
            {total === 0 ? '' : t('count', { count: total, number: format.number(total) })}
          </span>
        }
        actions={
          <>
            {some ? (
              <span className="tabular text-sm text-muted">
                {t('selected', { count: selected.length, number: format.number(selected.length) })}
              </span>
            ) : null}
            <Button
              icon={<Undo2 size={15} aria-hidden="true" />}
              disabled={total === 0 || !writable}
              onClick={() => restore(some ? selected : null)}
            >
              {some ? t('restore') : t('restoreAll')}
            </Button>
            <Button
              icon={<Trash2 size={15} aria-hidden="true" />}
              disabled={total === 0 || !writable}
              title={writable ? undefined : t('readOnly')}
              onClick={() => setAsking(some ? 'some' : 'all')}
            >
              {some ? t('remove') : t('empty')}
            </Button>
          </>
        }
      >
        <p className="m-0 text-base text-muted">{t('text', { count: days })}</p>
      </ViewHeader>
      <div className="min-h-0 flex-1">
        {error !== null ? (
          <ErrorState className="h-full" error={error} onRetry={reload} />
        ) : ids === null ? (
          <LoadingRows />
        ) : total === 0 ? (
          <EmptyState
            className="h-full"
            icon={<Art name="trash" />}
            title={t('nothing')}
            text={days === 0 ? t('off') : t('nothingText', { count: days })}
          />
        ) : (
          <TrashList
            ids={ids}
            chosen={chosen}
            onChosen={setChosen}
            onRemove={() => {
              if (selected.length > 0 && writable) setAsking('some')
            }}
          />
        )}
      </div>
      {asking === null ? null : (
        <ConfirmDialog
          open
          testId="trash-remove-dialog"
          onClose={() => setAsking(null)}
          title={t('removeTitle', { count: asking === 'all' ? total : selected.length, number })}
          confirmLabel={t('remove')}
          confirmDisabled={!production.agreed}
          onConfirm={() => remove(asking === 'all' ? null : selected)}
        >
          <div className="flex flex-col gap-3">
            <p className="m-0">{t('removeText')}</p>
            <ProductionConsent production={production} />
          </div>
        </ConfirmDialog>
      )}
    </div>
  )
}
