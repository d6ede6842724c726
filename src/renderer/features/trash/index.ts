export { TrashView as View } from './TrashView.tsx'
