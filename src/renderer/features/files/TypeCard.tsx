import { fileClass } from './file-types.tsx'
import type { FileClass } from './file-types.tsx'

const CLASS_MARKS: Record<FileClass, string> = {
  image: 'teal',
  video: 'purple',
  audio: 'pink',
  archive: 'yellow',
  code: 'green',
  sheet: 'green',
  slides: 'orange',
  text: 'blue',
  font: 'red',
  other: 'none'
}
/** Those that designers know by their colour. */
const OWN_MARKS: Readonly<Record<string, string>> = {
  psd: 'blue',
  psb: 'blue',
  ai: 'orange',
  eps: 'orange',
  sketch: 'yellow',
  fig: 'red',
  xd: 'pink',
  indd: 'pink',
  pdf: 'red'
}

function markOf(ext: string): string {
  const lower = ext.toLowerCase()
  const mark = Object.hasOwn(OWN_MARKS, lower) ? OWN_MARKS[lower] : CLASS_MARKS[fileClass(ext)]
  return mark === 'none' ? 'var(--muted)' : `var(--mark-${mark})`
}

/** A sheet of paper that says what kind of file it stands for, where there is no picture of it. Decoration: the name stands beside it. */
export function TypeCard({ ext, height }: { ext: string; height: number }) {
  const label = ext.toUpperCase().slice(0, 5)
  const mark = markOf(ext)
  return (
    <svg width={height * 0.8} height={height} viewBox="0 0 64 80" fill="none" aria-hidden="true">
      <path
        d="M9 1.5h32L62.5 23v48a7.5 7.5 0 0 1-7.5 7.5H9A7.5 7.5 0 0 1 1.5 71V9A7.5 7.5 0 0 1 9 1.5Z"
        className="fill-raised stroke-line-strong"
        strokeWidth="1.5"
      />
      <path d="M41 1.5V17a6 6 0 0 0 6 6h15.5" className="stroke-line-strong" strokeWidth="1.5" strokeLinejoin="round" />
      {label === '' ? (
        <path d="M14 40h36M14 50h36M14 60h22" className="stroke-line-strong" strokeWidth="2.5" strokeLinecap="round" />
      ) : (
        <>
          <rect x="8" y="44" width="48" height="22" rx="5" style={{ fill: `color-mix(in srgb, ${mark} 18%, var(--raised))` }} />
          <rect x="8" y="44" width="3" height="22" rx="1.5" style={{ fill: mark }} />
          <text
            x="33.5"
            y="55.5"
            textAnchor="middle"
            dominantBaseline="central"
            className="fill-text font-semibold"
            style={{ fontSize: label.length > 4 ? 9.5 : label.length > 3 ? 11 : 13 }}
          >
            {label}
          </text>
        </>
      )}
    </svg>
  )
}
