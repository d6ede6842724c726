export { ClusterView as View } from './ClusterView.tsx'
