export { ConnectionsView as View } from './ConnectionsView.tsx'
