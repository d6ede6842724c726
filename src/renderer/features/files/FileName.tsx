import { cutName } from './cut-name.ts'

/** A name that is cut in its middle where there is no room for it. */
export function FileName({ name }: { name: string }) {
  const cut = cutName(name)
  if (cut === null) return <span className="truncate">{name}</span>
  return (
    <span className="flex min-w-0" title={name}>
      <span className="truncate whitespace-pre">{cut.head}</span>
      <span className="shrink-0 whitespace-pre">{cut.tail}</span>
    </span>
  )
}
