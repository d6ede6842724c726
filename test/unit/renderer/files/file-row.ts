import type { FileRow } from '../../../../src/shared/model.ts'

/** A file whose number is also its row. */
export function fileRow(id: number, change: Partial<FileRow> = {}): FileRow {
  return {
    id,
    fileId: `group1/M00/00/00/${id}.jpg`,
    group: 'group1',
    name: `${id}.jpg`,
    folder: '',
    ext: 'jpg',
    kind: 'normal',
    sizeBytes: id,
    crc32: id,
    createdAt: 0,
    addedAt: 0,
    source: '10.0.0.1',
    state: 'present',
    origin: 'upload',
    metadata: null,
    metadataReadAt: null,
    tags: [],
    favourite: false,
    ...change
  }
}
