import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../../components/index.ts'
import { useFiles } from '../context.tsx'

/** Tags as people write them, with commas of either language. */
export function parseTags(text: string): string[] {
  const names = text
    .split(/[,，、;；]/)
    .map((name) => name.trim().slice(0, 64))
    .filter((name) => name !== '')
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].slice(0, 50)
}

const COMMAS = [',', '，', '、', ';', '；']

/** Several tags in a line; those that exist are offered for the one that is being written. */
export function TagsInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('files')
  const known = useFiles((state) => state.tags)
  const list = useId()
  const before = value.slice(0, Math.max(...COMMAS.map((comma) => value.lastIndexOf(comma))) + 1)
  const written = new Set(parseTags(before).map((name) => name.toLowerCase()))
  return (
    <>
      <TextField
        value={value}
        onChange={onChange}
        list={list}
        placeholder={t('upload.tagsPlaceholder')}
        maxLength={1000}
        data-testid="upload-tags"
      />
      <datalist id={list}>
        {known
          .filter(({ name }) => !written.has(name.toLowerCase()))
          .slice(0, 100)
          .map(({ name }) => (
            <option key={name}>{before === '' ? name : `${before} ${name}`}</option>
          ))}
      </datalist>
    </>
  )
}
