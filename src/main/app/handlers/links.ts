import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'
import { exportText } from '../text-export.ts'

export function linksHandlers({ host, links }: Services) {
  return {
    'links.export': async (request) => {
      const { text } = await links.text(request)
      // Spreadsheets know by the mark that names are UTF-8.
      return request.table
        ? exportText(host, 'fastdfs-links.csv', `\ufeff${text}\r\n`)
        : exportText(host, 'fastdfs-links.txt', text === '' ? '' : `${text}\n`)
    },
    'links.check': (request) => links.check(request)
  } satisfies HandlersOf<'links'>
}
