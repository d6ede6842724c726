export { TransfersView as View } from './TransfersView.tsx'
