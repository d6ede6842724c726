/** How the library is shown on this computer: as a table or as pictures, roomy or dense. */
import { create } from 'zustand'
import { recall, remember } from '../../app/layout.ts'

interface ViewOptions {
  layout: 'table' | 'grid'
  density: 'comfortable' | 'compact'
}

function isViewOptions(value: unknown): value is ViewOptions {
  if (typeof value !== 'object' || value === null || !('layout' in value) || !('density' in value)) return false
  return (value.layout === 'table' || value.layout === 'grid') && (value.density === 'comfortable' || value.density === 'compact')
}

export const useViewOptions = create<ViewOptions>()(() => recall('view', isViewOptions) ?? { layout: 'table', density: 'comfortable' })
const apply = ({ density }: ViewOptions): void => {
  // Styles of other lists follow; tests of the store have no document.
  if (typeof document !== 'undefined') document.documentElement.dataset['density'] = density
}
apply(useViewOptions.getState())
useViewOptions.subscribe((state) => {
  remember('view', state)
  apply(state)
})

export function setLayout(layout: ViewOptions['layout']): void {
  useViewOptions.setState({ layout })
}

export function setDensity(density: ViewOptions['density']): void {
  useViewOptions.setState({ density })
}
