import type { TFunction } from 'i18next'
import { Upload } from 'lucide-react'
import type { DragEvent, ReactNode } from 'react'
import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { readDrop } from '../../api/dropped-files.ts'
import { activeProfile, useInfo } from '../../app/app-info.ts'
import { toast, toastError } from '../../components/index.ts'
import { useFiles } from './context.tsx'
import { openDialog } from './dialogs.ts'
import { offerUpload, useIntake } from './intake.ts'

const UploadSheet = lazy(async () => ({ default: (await import('./UploadSheet.tsx')).UploadSheet }))

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files')
}

/** By the clock, as screenshots are called: without characters that a file system would not take. */
function pictureName(t: TFunction<'files'>): string {
  const now = new Date()
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return t('upload.pictureName', { time: `${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}` })
}

/** Inputs take what is pasted into them, and dialogs keep the window behind them still. */
function keepsPaste(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [role=dialog], [role=alertdialog]') !== null
}

/** Files may be dropped or pasted anywhere in the window. */
export function DropZone({ children }: { children: ReactNode }) {
  const { t } = useTranslation('files')
  const writable = useInfo((info) => activeProfile(info)?.readOnly !== true)
  const folder = useFiles((state) => state.query.folder)
  const sheet = useIntake((state) => state.sheet !== null)
  const [over, setOver] = useState(false)
  // Entering a child comes before leaving its parent: count both.
  const depth = useRef(0)

  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const data = event.clipboardData
      if (data === null || keepsPaste(event.target)) return
      if (data.files.length > 0) {
        event.preventDefault()
        if (writable) offerUpload(readDrop(data, client().pathForFile, pictureName(t))).catch(toastError)
        else toast({ kind: 'error', title: t('readOnly') })
        return
      }
      const text = data.getData('text/plain')
      if (text.trim() === '') return
      event.preventDefault()
      openDialog({ type: 'paste', text })
    }
    window.addEventListener('paste', onPaste)
    return () => window.removeEventListener('paste', onPaste)
  }, [writable, t])

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping has its keyboard twin in the Upload menu
    <div
      className="relative h-full"
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        depth.current += 1
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!carriesFiles(event)) return
        depth.current -= 1
        if (depth.current <= 0) setOver(false)
      }}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = writable ? 'copy' : 'none'
      }}
      onDrop={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        depth.current = 0
        setOver(false)
        if (writable) offerUpload(readDrop(event.dataTransfer, client().pathForFile)).catch(toastError)
      }}
    >
      {children}
      {over ? (
        <div className="pointer-events-none absolute inset-0 z-50 flex items-center justify-center bg-backdrop p-4">
          <div className="absolute inset-3 rounded-xl border-2 border-dashed border-accent" />
          <div className="flex items-center gap-3.5 rounded-xl bg-raised px-6 py-4.5 shadow-dialog">
            <span className="flex size-10 items-center justify-center rounded-full bg-accent-soft text-accent">
              <Upload size={20} aria-hidden="true" />
            </span>
            <div>
              <p className="m-0 text-lg font-semibold">{writable ? t('drop.title') : t('readOnly')}</p>
              <p className="m-0 text-muted">
                {!writable ? t('drop.readOnly') : folder === undefined || folder === '' ? t('drop.text') : t('drop.folder', { folder })}
              </p>
            </div>
          </div>
        </div>
      ) : null}
      {sheet ? (
        <Suspense fallback={null}>
          <UploadSheet />
        </Suspense>
      ) : null}
    </div>
  )
}
