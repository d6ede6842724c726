import type { HandlersOf } from '../dispatch.ts'
import { diagnosticsText } from '../diagnostics.ts'
import type { Services } from '../services.ts'
import { exportText } from '../text-export.ts'

export function logHandlers(services: Services) {
  return {
    'log.diagnostics': async () => exportText(services.host, 'fastdfs-diagnostics.json', await diagnosticsText(services))
  } satisfies HandlersOf<'log'>
}
