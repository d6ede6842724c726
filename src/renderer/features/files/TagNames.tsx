import { ColorMark } from '../../app/ProfileMark.tsx'
import { useFiles } from './context.tsx'

/** Tags of a file, with their colours. */
export function TagNames({ names }: { names: readonly string[] }) {
  const tags = useFiles((state) => state.tags)
  return (
    <span className="flex min-w-0 items-center gap-2.5 overflow-hidden">
      {names.map((name) => (
        <span key={name} className="flex min-w-0 shrink-0 items-center gap-1.5">
          <ColorMark color={tags.find((tag) => tag.name === name)?.color ?? 'none'} className="size-2" />
          <span className="truncate">{name}</span>
        </span>
      ))}
    </span>
  )
}

/** Tags of a file as dots; their names are read, not seen. */
export function TagMarks({ names }: { names: readonly string[] }) {
  const tags = useFiles((state) => state.tags)
  return names.slice(0, 6).map((name) => {
    const color = tags.find((tag) => tag.name === name)?.color ?? 'none'
    return (
      <span key={name} title={name} className="flex rounded-full bg-raised p-0.5 shadow-sm">
        {color === 'none' ? <span className="size-2.5 rounded-full border-2 border-control" /> : <ColorMark color={color} />}
        <span className="sr-only">{name}</span>
      </span>
    )
  })
}
