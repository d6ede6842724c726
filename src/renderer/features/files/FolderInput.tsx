import type { Ref } from 'react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../components/index.ts'
import { useFiles } from './context.tsx'

/** Folders beyond this many would make the list of suggestions slow, and nobody reads them. */
const MAX_SUGGESTIONS = 500

/** A folder of the library: an existing one or a new one. */
export function FolderInput({ value, onChange, ref }: { value: string; onChange: (folder: string) => void; ref?: Ref<HTMLInputElement> }) {
  const { t } = useTranslation('files')
  const folders = useFiles((state) => state.folders)
  const list = useId()
  return (
    <>
      <TextField
        {...(ref === undefined ? {} : { ref })}
        value={value}
        onChange={onChange}
        list={list}
        placeholder={t('folder.placeholder')}
        maxLength={4096}
        data-testid="library-folder"
      />
      <datalist id={list}>
        {folders.slice(0, MAX_SUGGESTIONS).map((folder) => (
          <option key={folder.path}>{folder.path}</option>
        ))}
      </datalist>
    </>
  )
}
