/** The part of the cluster that the window itself shows; everything else is fetched with the view. */
export { NavHealth } from './NavHealth.tsx'
