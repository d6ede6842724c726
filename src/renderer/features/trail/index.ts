export { TrailDialog } from './TrailDialog.tsx'
