import { Switch as Base } from '@base-ui/react/switch'

/** On or off, at once. Name it with a Field around it, or with `label`. */
export function Switch({
  checked,
  onChange,
  label,
  disabled = false
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  label?: string
  disabled?: boolean
}) {
  return (
    <Base.Root
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled}
      aria-label={label}
      className="flex h-5 w-8.5 shrink-0 items-center rounded-full bg-control p-0.5 transition-colors data-checked:bg-accent data-disabled:opacity-45"
    >
      <Base.Thumb className="size-4 rounded-full bg-knob shadow-sm transition-transform duration-150 data-checked:translate-x-3.5" />
    </Base.Root>
  )
}
