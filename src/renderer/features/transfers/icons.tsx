import { Archive, Download, FileCheck2, Tags, Trash2, Upload } from 'lucide-react'
import type { BatchKind } from '../../../shared/model.ts'

const ICONS = { upload: Upload, download: Download, zip: Archive, metadata: Tags, delete: Trash2, finish: FileCheck2 }

export function KindIcon({ kind, size = 16 }: { kind: BatchKind; size?: number }) {
  const Icon = ICONS[kind]
  return <Icon size={size} aria-hidden="true" />
}
