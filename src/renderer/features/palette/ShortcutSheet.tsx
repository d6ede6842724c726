import { useTranslation } from 'react-i18next'
import { Dialog, Kbd } from '../../components/index.ts'

const SECTIONS = {
  window: {
    palette: ['Mod+K'],
    shortcuts: ['?'],
    views: ['Mod+1', '…', 'Mod+5'],
    settings: ['Mod+,'],
    upload: ['Mod+O'],
    uploadFolder: ['Mod+Shift+O'],
    paste: ['Mod+V'],
    search: ['Mod+F'],
    refresh: ['F5'],
    accept: ['Mod+Enter']
  },
  files: {
    preview: ['Space', 'Enter'],
    details: ['Alt+Enter'],
    copy: ['Mod+C'],
    rename: ['F2'],
    favourite: ['Alt+S'],
    tag: ['Alt+T'],
    column: ['Alt+Shift+←', 'Alt+Shift+→'],
    delete: ['Delete'],
    menu: ['Shift+F10']
  },
  select: {
    move: ['↑', '↓'],
    extend: ['Shift+↑', 'Shift+↓'],
    toggle: ['Mod+Space'],
    all: ['Mod+A'],
    none: ['Escape'],
    ends: ['Home', 'End'],
    type: ['A–Z']
  },
  preview: { next: ['←', '→'], leave: ['Space', 'Escape'] },
  transfers: { open: ['→', 'Enter'], close: ['←'], copy: ['Mod+C'], drop: ['Delete'], menu: ['Shift+F10'] },
  grid: { edit: ['F2'], copy: ['Mod+C'], paste: ['Mod+V'], fill: ['Mod+D'], undo: ['Mod+Z'], redo: ['Mod+Y'], replace: ['Mod+H'] }
} as const

type Section = keyof typeof SECTIONS

/** Every key that does something, on one page. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('palette')
  return (
    <Dialog open size="xl" readOnly testId="shortcuts" onClose={onClose} title={t('shortcuts.title')}>
      <div className="columns-[17rem] gap-x-9">
        {(Object.keys(SECTIONS) as Section[]).map((section) => (
          <section key={section} className="mb-5 break-inside-avoid" aria-label={t(`shortcuts.${section}.title`)}>
            <h3 className="m-0 mb-1 text-base font-semibold">{t(`shortcuts.${section}.title`)}</h3>
            <dl className="m-0">
              {Object.entries(SECTIONS[section]).map(([name, keys]: [string, readonly string[]]) => (
                <div key={name} className="flex min-h-7.5 items-center justify-between gap-4 border-b border-line/60">
                  {/* The names are those of SECTIONS: one text for each, which a test sees to. */}
                  <dt className="text-muted">{t(`shortcuts.${section}.${name}` as 'shortcuts.title')}</dt>
                  <dd className="m-0 flex shrink-0 gap-1.5">
                    {keys.map((key) => (
                      <span key={key} className="rounded-sm border border-line-strong bg-surface px-1.5">
                        <Kbd keys={key} />
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
