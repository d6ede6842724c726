import type { ReactNode } from 'react'
import { cx } from '../../components/index.ts'

/** Numbers side by side. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="m-0 flex flex-wrap gap-x-8 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3">{children}</dl>
}

export function Fact({ label, value, tone }: { label: string; value: string; tone?: 'good' | 'bad' }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{label}</dt>
      <dd
        className={cx('tabular m-0 text-lg font-semibold', tone === 'good' ? 'text-success' : tone === 'bad' ? 'text-danger' : 'text-text')}
      >
        {value}
      </dd>
    </div>
  )
}
