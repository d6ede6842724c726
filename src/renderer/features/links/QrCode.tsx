import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { encode } from 'uqr'
import type { ErrorData } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import { ErrorNote, IconButton, Spinner } from '../../components/index.ts'
import { useFormat } from '../../i18n/format.ts'
import type { LinkChoice } from './options.ts'
import { usePreview } from './use-preview.ts'

/** Modules of white around the code, as its standard wants. */
const QUIET = 4
/** More codes than anybody leafs through. */
const MAX_CODES = 50

/** A link as a picture for a phone; always black on white, which is what cameras read. */
function Code({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('links')
  const drawn = useMemo(() => {
    try {
      const { data, size } = encode(text, { ecc: 'M', border: QUIET })
      const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
      return { size, path }
    } catch {
      // No version of the code has room for it.
      return null
    }
  }, [text])
  if (drawn === null) return <p className="m-0 text-base text-muted">{t('qr.tooLong')}</p>
  return (
    <svg
      role="img"
      aria-label={label}
      data-testid="qr-code"
      viewBox={`0 0 ${drawn.size} ${drawn.size}`}
      shapeRendering="crispEdges"
      className="size-52 shrink-0 rounded-lg"
    >
      <rect width={drawn.size} height={drawn.size} fill="#ffffff" />
      <path d={drawn.path} fill="#000000" />
    </svg>
  )
}

/** The links of a selection one by one as QR codes, signed like those that are copied. */
export function QrCodes({ selection, choice }: { selection: FileSelection; choice: LinkChoice }) {
  const { t } = useTranslation('links')
  const format = useFormat()
  const [index, setIndex] = useState(0)
  const wanted = useMemo((): LinkChoice => ({ ...choice, format: 'url', output: 'text' }), [choice])
  const preview = usePreview(selection, wanted, 0, MAX_CODES)
  if (preview.tag === 'none') return <Spinner />
  if (preview.tag === 'error') return <ErrorNote error={preview.error satisfies ErrorData} />
  const links = preview.links.text.split('\n').filter((line) => line !== '')
  const shown = Math.min(index, links.length - 1)
  const link = links[shown]
  if (link === undefined) return null
  return (
    <section aria-label={t('qr.title')} className="flex items-center gap-4 rounded-lg bg-sunken p-3" data-testid="qr-codes">
      <Code text={link} label={t('qr.label', { link })} />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className="m-0 text-base text-muted">{t('qr.text')}</p>
        <p className="m-0 line-clamp-4 font-mono text-sm break-all text-text select-text">{link}</p>
        {links.length < 2 ? null : (
          <div className="flex items-center gap-1">
            <IconButton
              label={t('qr.previous')}
              icon={<ChevronLeft size={16} aria-hidden="true" />}
              disabled={shown === 0}
              onClick={() => setIndex(shown - 1)}
            />
            <span className="tabular text-base text-muted" role="status">
              {t('qr.position', { n: format.number(shown + 1), total: format.number(links.length) })}
            </span>
            <IconButton
              label={t('qr.next')}
              icon={<ChevronRight size={16} aria-hidden="true" />}
              disabled={shown === links.length - 1}
              onClick={() => setIndex(shown + 1)}
            />
          </div>
        )}
      </div>
    </section>
  )
}
