import art from '../../../resources/empty-states.svg?no-inline'

/** What is drawn where there is nothing to show. The colours are those of the theme; the text beside it says everything. */
export function Art({ name }: { name: 'library' | 'search' | 'select' | 'trash' | 'transfers' | 'cluster' }) {
  return (
    <svg width="132" height="104" aria-hidden="true">
      <use href={`${art}#${name}`} />
    </svg>
  )
}
