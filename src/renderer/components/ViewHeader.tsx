import type { ReactNode } from 'react'

/** The top of a view: its name, what is true of all of it, and what can be done with all of it. */
export function ViewHeader({
  title,
  text,
  actions,
  children
}: {
  title: ReactNode
  text?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className="flex shrink-0 flex-col gap-2.5 border-b border-line px-5 pt-3.5 pb-3">
      <div className="flex min-h-7.5 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
          <h1 className="m-0 text-xl font-semibold text-text">{title}</h1>
          {text === undefined ? null : <p className="m-0 min-w-0 text-base text-muted">{text}</p>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </header>
  )
}
