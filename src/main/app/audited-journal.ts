import { observeEnds } from '../library/observe-ends.ts'
import type { TransferJournal } from '../library/types.ts'
import type { AuditLog } from './audit.ts'

/** The same journal; every end of a transfer that did, or tried to do, something goes to the audit log as well. */
export function auditedJournal(journal: TransferJournal, audit: AuditLog, profileName: (id: string) => string): TransferJournal {
  // The last batch asked for: ends come in runs of the same one.
  let batch: ReturnType<TransferJournal['batch']> = null
  return observeEnds(journal, ({ batchId, tag, fileId, name, localPath, sizeBytes, error }) => {
    if (tag !== 'done' && tag !== 'failed') return
    if (batch?.id !== batchId) batch = journal.batch(batchId)
    if (!batch) return
    const { kind, profileId } = batch
    audit.add([
      {
        action: kind,
        result: tag,
        profileId,
        profile: profileName(profileId),
        fileId,
        name,
        localPath,
        sizeBytes,
        error: error?.code ?? null
      }
    ])
  })
}
