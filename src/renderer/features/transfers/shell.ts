/** The parts of transfers that the window itself shows; everything else is fetched with the view. */
export { NavBadge } from './NavBadge.tsx'
export { TransfersBar } from './TransfersBar.tsx'
