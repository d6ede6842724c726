import { Attributes } from './attributes.ts'
import { Content } from './content.ts'
import { listStorePath } from './listing.ts'
import { Locator } from './locator.ts'
import { Overview } from './overview.ts'
import { Servers } from './servers.ts'
import type { StoreClient, StoreClientOptions } from './types.ts'

/**
 * A client for one FastDFS cluster. Opens nothing until it is asked something; `close` ends every connection and rejects what
 * is under way with ABORTED. Any number of operations may run at a time: each takes its connections from the pool.
 */
export function createStoreClient(options: StoreClientOptions): StoreClient {
  const servers = new Servers(options)
  const locator = new Locator(servers, options.answerCacheMs ?? 1000)
  const content = new Content(servers, locator)
  const attributes = new Attributes(servers, locator)
  const overview = new Overview(servers, locator)
  return {
    queryStore: (group, o = {}) => locator.store(group, o),
    queryUpdate: (fileId, o = {}) => locator.update(fileId, o),
    queryFetch: (fileId, o = {}) => locator.fetch(fileId, o),
    replicas: (group, o = {}) => locator.active(group, o),
    source: (fileId, o = {}) => locator.source(fileId, o),

    upload: (request, source, o = {}) => content.upload(request, source, o),
    uploadSlave: (masterFileId, request, source, o = {}) => content.uploadSlave(masterFileId, request, source, o),
    modify: (endpoint, fileId, offset, source, o = {}) => content.modify(endpoint, fileId, offset, source, o),
    append: (endpoint, fileId, source, o = {}) => content.append(endpoint, fileId, source, o),
    truncate: (endpoint, fileId, sizeBytes, o = {}) => content.truncate(endpoint, fileId, sizeBytes, o),
    regenerate: (endpoint, fileId, sizeBytes, o = {}) => content.regenerate(endpoint, fileId, sizeBytes, o),
    putCopy: (endpoint, fileId, source, o = {}) => content.putCopy(endpoint, fileId, source, o),
    download: (fileId, request, sink, o = {}) => content.download(fileId, request, sink, o),
    info: (fileId, request = {}, o = {}) => content.info(fileId, request, o),

    remove: (fileId, o = {}) => attributes.remove(fileId, o),
    getMetadata: (fileId, o = {}) => attributes.getMetadata(fileId, o),
    setMetadata: (fileId, metadata, mode, o = {}) => attributes.setMetadata(fileId, metadata, mode, o),

    groups: (o = {}) => overview.groups(o),
    storages: (group, o = {}) => overview.storages(group, o),
    trackers: (o = {}) => overview.trackers(o),
    list: (endpoint, group, storePathIndex, o = {}) => listStorePath(servers, endpoint, group, storePathIndex, o),

    close: () => servers.pool.close()
  }
}
