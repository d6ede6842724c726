import { FileAudio } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../../../shared/errors.ts'
import { toAppError } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewKind, previewPath, smallPicturePath } from '../../../../shared/preview.ts'
import { Button, EmptyState, ErrorState, Spinner } from '../../../components/index.ts'
import { useFormat } from '../../../i18n/format.ts'
import { TypeCard } from '../TypeCard.tsx'
import { decodeText } from './decode-text.ts'
import { hexLines } from './hex-lines.ts'
import { makePictures } from './pictures.ts'
import { readFile, sizeOf } from './read-file.ts'
import { readsHeic } from './thumbnails.ts'

const MB = 1_048_576
/** Above these a glance costs more than a user expects: they are asked. Players and texts read pieces. */
const ASK_BYTES: Partial<Record<ReturnType<typeof previewKind>, number>> = {
  image: 8 * MB,
  heic: 8 * MB,
  svg: 2 * MB,
  pdf: 8 * MB,
  psd: 32 * MB,
  tiff: 16 * MB
}
/** Longest side of pictures that are decoded here: more than any window shows. */
const LARGE_SIDE = 2_560
const TEXT_BYTES = 256 * 1024
const HEX_BYTES = 16 * 1024

type Loaded = { blob: Blob } | { error: ErrorData } | null

function useContent(row: FileRow, limit?: number): { content: Loaded; again: () => void } {
  const [content, setContent] = useState<Loaded>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    readFile(row, abort.signal, limit === undefined ? undefined : { from: 0, to: limit }).then(
      (blob) => setContent({ blob }),
      (error: unknown) => {
        if (!abort.signal.aborted) setContent({ error: toAppError(error).toData() })
      }
    )
    return () => abort.abort()
    // oxlint-disable-next-line react/exhaustive-deps -- a row is a new object at each refresh; the file ID says what it shows
  }, [row.fileId, limit, attempt])
  return {
    content,
    again: () => {
      setContent(null)
      setAttempt(attempt + 1)
    }
  }
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <span role="status" className="flex items-center gap-2.5 text-muted">
      <Spinner />
      {t('progress.loading')}
    </span>
  )
}

/** Shown where the browser cannot: the reason, if the storage has one, else that the format is not for browsers. */
function Unshown({ row }: { row: FileRow }) {
  const { t } = useTranslation('files')
  // One byte tells whether the storage or the format is at fault.
  const { content } = useContent(row, 1)
  if (content === null) return <Waiting />
  if ('error' in content) return <ErrorState error={content.error} />
  return <EmptyState icon={<TypeCard ext={row.ext} height={96} />} title={t('preview.unsupported')} text={t('preview.unsupportedText')} />
}

function Picture({ row }: { row: FileRow }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading')
  if (state === 'failed') return <Unshown row={row} />
  return (
    <>
      {state === 'loading' ? <Waiting /> : null}
      <img
        src={previewPath(row)}
        alt={row.name}
        onLoad={() => setState('shown')}
        onError={() => setState('failed')}
        className={state === 'shown' ? 'max-h-full max-w-full object-contain p-4' : 'sr-only'}
      />
    </>
  )
}

/** Pictures that no browser knows are decoded beside the window. Where that is not possible, a small one on the server may say enough. */
function Decoded({ row }: { row: FileRow }) {
  const [state, setState] = useState<{ blob: Blob } | { error: ErrorData } | 'unknown' | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    const decode = async (): Promise<void> => {
      const wanted = [{ width: LARGE_SIDE, height: LARGE_SIDE, type: 'image/webp' as const }]
      const heic = previewKind(row.ext) === 'heic'
      const [made] = (heic && !(await readsHeic()) ? null : await makePictures(row, wanted, abort.signal)) ?? []
      if (made !== undefined) return setState({ blob: made.blob })
      const small = await fetch(smallPicturePath(row), { signal: abort.signal, credentials: 'same-origin' })
      setState(small.status === 200 ? { blob: await small.blob() } : 'unknown')
    }
    decode().catch((error: unknown) => {
      if (!abort.signal.aborted) setState({ error: toAppError(error).toData() })
    })
    return () => abort.abort()
    // oxlint-disable-next-line react/exhaustive-deps -- a row is a new object at each refresh; the file ID says what it shows
  }, [row.fileId])
  if (state === null) return <Waiting />
  if (state === 'unknown') return <Unshown row={row} />
  if ('error' in state) return <ErrorState error={state.error} />
  return <BlobImage blob={state.blob} alt={row.name} className="max-h-full max-w-full object-contain p-4" />
}

function BlobImage({ blob, alt, className }: { blob: Blob; alt: string; className: string }) {
  const show = (image: HTMLImageElement | null): (() => void) | undefined => {
    if (image === null) return undefined
    const url = URL.createObjectURL(blob)
    image.src = url
    return () => URL.revokeObjectURL(url)
  }
  return <img ref={show} alt={alt} className={className} />
}

/** Illustrator writes files that are a PDF as well, unless told not to. */
function Illustration({ row }: { row: FileRow }) {
  const { content, again } = useContent(row, 5)
  const [pdf, setPdf] = useState<boolean | null>(null)
  const blob = content !== null && 'blob' in content ? content.blob : null
  useEffect(() => {
    let current = true
    void blob?.text().then((start) => {
      if (current) setPdf(start.startsWith('%PDF'))
    })
    return () => {
      current = false
    }
  }, [blob])
  if (content !== null && 'error' in content) return <ErrorState error={content.error} onRetry={again} />
  if (pdf === null) return <Waiting />
  return pdf ? <Document row={row} /> : <Unshown row={row} />
}

function Document({ row }: { row: FileRow }) {
  return <iframe src={previewPath(row)} title={row.name} className="size-full border-0 bg-white" />
}

/** Fetched by the page and shown as a picture: there it can neither run nor load anything. */
function Vector({ row }: { row: FileRow }) {
  const { content, again } = useContent(row)
  if (content === null) return <Waiting />
  if ('error' in content) return <ErrorState error={content.error} onRetry={again} />
  return <BlobImage blob={new Blob([content.blob], { type: 'image/svg+xml' })} alt={row.name} className="size-full object-contain p-8" />
}

function Player({ row, kind }: { row: FileRow; kind: 'video' | 'audio' }) {
  const { t } = useTranslation('files')
  const [failed, setFailed] = useState(false)
  if (failed) return <Unshown row={row} />
  const shared = {
    controls: true,
    src: previewPath(row),
    onError: () => setFailed(true),
    'aria-label': t('preview.play', { name: row.name })
  }
  if (kind === 'video') {
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- the user's own file: it has the tracks it has
    return <video {...shared} className="max-h-full max-w-full outline-offset-[-2px]" />
  }
  return (
    <div className="flex w-full max-w-120 flex-col items-center gap-6 px-6 text-muted">
      <FileAudio size={56} strokeWidth={1} aria-hidden="true" />
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- as above */}
      <audio {...shared} className="w-full" />
    </div>
  )
}

function Lines({ children, note, label }: { children: string; note: ReactNode; label: string }) {
  return (
    <div className="flex size-full min-h-0 flex-col bg-surface">
      <section
        aria-label={label}
        data-scrolls
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
      >
        <pre className="m-0 min-w-fit p-4 font-mono text-sm select-text">{children}</pre>
      </section>
      <p className="m-0 shrink-0 border-t border-line px-4 py-1.5 text-sm text-muted">{note}</p>
    </div>
  )
}

/** The start of a file as text where it is text, else as bytes. */
function Bytes({ row, text }: { row: FileRow; text: boolean }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const limit = text ? TEXT_BYTES : HEX_BYTES
  const { content, again } = useContent(row, limit)
  const [bytes, setBytes] = useState<Uint8Array | null>(null)
  const blob = content !== null && 'blob' in content ? content.blob : null
  useEffect(() => {
    let current = true
    void blob?.arrayBuffer().then((buffer) => {
      if (current) setBytes(new Uint8Array(buffer))
    })
    return () => {
      current = false
    }
  }, [blob])
  if (content !== null && 'error' in content) return <ErrorState error={content.error} onRetry={again} />
  if (bytes === null) return <Waiting />
  if (bytes.length === 0) return <EmptyState icon={<TypeCard ext={row.ext} height={96} />} title={t('preview.empty')} />
  const size = row.sizeBytes ?? bytes.length
  const decoded = text ? decodeText(bytes, size > bytes.length) : null
  const shown = decoded === null ? bytes.subarray(0, HEX_BYTES) : bytes
  const kind = decoded === null ? t('preview.bytes') : t('preview.encoding', { encoding: decoded.encoding })
  const part = shown.length < size ? t('preview.start', { shown: format.bytes(shown.length), total: format.bytes(size) }) : null
  return (
    <Lines label={row.name} note={part === null ? kind : `${kind} · ${part}`}>
      {decoded === null ? hexLines(shown) : decoded.text}
    </Lines>
  )
}

/** Asks before much is fetched for a glance. */
function Large({ row, onLoad }: { row: FileRow; onLoad: () => void }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const size = row.sizeBytes === null ? t('fact.unknownSize') : format.bytes(row.sizeBytes)
  return (
    <EmptyState
      icon={<TypeCard ext={row.ext} height={96} />}
      title={t('preview.large')}
      text={t('preview.largeText', { size })}
      actions={
        <Button variant="primary" onClick={onLoad}>
          {t('preview.load')}
        </Button>
      }
    />
  )
}

/** A file as large as there is room. */
export function PreviewContent({ row: known }: { row: FileRow }) {
  const [agreed, setAgreed] = useState(false)
  /** Of those that the library does not know the size of; undefined: being asked. */
  const [asked, setAsked] = useState<number | null | undefined>(undefined)
  const kind = previewKind(known.ext)
  const limit = ASK_BYTES[kind]
  const unknown = limit !== undefined && known.sizeBytes === null
  useEffect(() => {
    if (!unknown) return
    const abort = new AbortController()
    void sizeOf(known, abort.signal).then((size) => {
      if (!abort.signal.aborted) setAsked(size)
    })
    return () => abort.abort()
    // oxlint-disable-next-line react/exhaustive-deps -- a row is a new object at each refresh; the file ID says what it shows
  }, [known.fileId, unknown])
  if (unknown && asked === undefined) return <Waiting />
  const row = unknown ? { ...known, sizeBytes: asked ?? null } : known
  if (limit !== undefined && !agreed && (row.sizeBytes === null || row.sizeBytes > limit)) {
    return <Large row={row} onLoad={() => setAgreed(true)} />
  }
  switch (kind) {
    case 'image':
      return <Picture row={row} />
    case 'svg':
      return <Vector row={row} />
    case 'video':
    case 'audio':
      return <Player row={row} kind={kind} />
    case 'psd':
    case 'tiff':
    case 'heic':
      return <Decoded row={row} />
    case 'pdf':
      return row.ext.toLowerCase() === 'ai' ? <Illustration row={row} /> : <Document row={row} />
    case 'text':
    case 'binary':
      return <Bytes row={row} text={kind === 'text'} />
  }
}
