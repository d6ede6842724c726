/** Characters at the end of a long name that stay in sight: versions and endings are told there. */
const TAIL = 12
const LONG = 24

/** A name that is cut in its middle where there is no room for it. */
export function FileName({ name }: { name: string }) {
  if (name.length < LONG) return <span className="truncate">{name}</span>
  const characters = Array.from(name)
  const at = characters.length - TAIL
  return (
    <span className="flex min-w-0" title={name}>
      <span className="truncate whitespace-pre">{characters.slice(0, at).join('')}</span>
      <span className="shrink-0 whitespace-pre">{characters.slice(at).join('')}</span>
    </span>
  )
}
