import { join } from 'node:path'
import type { TextExport } from '../../../shared/contract.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

export function auditHandlers({ audit, host, settings, clock }: Services) {
  return {
    'audit.list': ({ limit, cursor, ...filter }) => audit.list(filter, limit, cursor),
    'audit.export': async (): Promise<TextExport> => {
      const name = `fastdfs-activity-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`
      // The log may be too long for a page: a host without dialogs saves it where downloads go, which is this computer as well.
      const path = host.can.pickFiles ? await host.pickSave({ name }) : join(settings.get().downloadFolder || host.downloadFolder, name)
      if (path === null) return { tag: 'cancelled' }
      await audit.exportTo(path)
      return { tag: 'saved', path }
    }
  } satisfies HandlersOf<'audit'>
}
