import 'i18next'
import type batches from './en/batches.json'
import type cluster from './en/cluster.json'
import type common from './en/common.json'
import type conflicts from './en/conflicts.json'
import type connections from './en/connections.json'
import type desktop from './en/desktop.json'
import type files from './en/files.json'
import type grid from './en/grid.json'
import type imports from './en/import.json'
import type library from './en/library.json'
import type links from './en/links.json'
import type order from './en/order.json'
import type palette from './en/palette.json'
import type search from './en/search.json'
import type settings from './en/settings.json'
import type tour from './en/tour.json'
import type trail from './en/trail.json'
import type trash from './en/trash.json'
import type transfers from './en/transfers.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    returnNull: false
    resources: {
      batches: typeof batches
      cluster: typeof cluster
      common: typeof common
      conflicts: typeof conflicts
      connections: typeof connections
      desktop: typeof desktop
      files: typeof files
      grid: typeof grid
      import: typeof imports
      library: typeof library
      links: typeof links
      order: typeof order
      palette: typeof palette
      search: typeof search
      settings: typeof settings
      tour: typeof tour
      trail: typeof trail
      trash: typeof trash
      transfers: typeof transfers
    }
  }
}
