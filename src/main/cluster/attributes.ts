import { AppError } from '../../shared/errors.ts'
import { parseFileId } from '../../shared/file-id.ts'
import type { Metadata, MetadataMode } from '../../shared/model.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import { deleteFile, getMetadata, queryFileInfo, setMetadata } from '../protocol/index.ts'
import type { Locator } from './locator.ts'
import type { Servers } from './servers.ts'

/** Metadata of files, and their removal. See `StoreClient` for what each promises. */
export class Attributes {
  readonly #servers: Servers
  readonly #locator: Locator

  constructor(servers: Servers, locator: Locator) {
    this.#servers = servers
    this.#locator = locator
  }

  async remove(fileId: string, options: ExchangeOptions & { endpoint?: Endpoint | undefined }): Promise<void> {
    const facts = parseFileId(fileId)
    const { group, remoteName } = facts
    const removeAt = (endpoint: Endpoint): Promise<void> =>
      this.#servers.storage(endpoint, (connection) => connection.exchange(deleteFile, { group, remoteName }, options), {
        signal: options.signal,
        repeatable: true,
        detail: { fileId }
      })
    await (options.endpoint ? removeAt(options.endpoint) : this.#locator.change(facts, options, removeAt))
    this.#locator.forget(fileId)
  }

  async getMetadata(fileId: string, options: ExchangeOptions & { endpoint?: Endpoint | undefined }): Promise<Metadata> {
    const facts = parseFileId(fileId)
    const { group, remoteName } = facts
    const readAt = (endpoint: Endpoint): Promise<Metadata> =>
      this.#servers.storage(
        endpoint,
        async (connection) => {
          try {
            return await connection.exchange(getMetadata, { group, remoteName }, options)
          } catch (error) {
            if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
            // ENOENT is the answer for a file without metadata as well: throws NOT_FOUND if it is the file that is missing.
            await connection.exchange(queryFileInfo, { group, remoteName, silent: true, skipCrc: true }, options)
            return {}
          }
        },
        { signal: options.signal, repeatable: true, detail: { fileId } }
      )
    return options.endpoint ? readAt(options.endpoint) : this.#locator.read(facts, options, readAt)
  }

  async setMetadata(fileId: string, metadata: Metadata, mode: MetadataMode, options: ExchangeOptions): Promise<void> {
    const facts = parseFileId(fileId)
    const { group, remoteName } = facts
    await this.#locator.change(facts, options, async (endpoint) => {
      await this.#servers.storage(
        endpoint,
        (connection) => connection.exchange(setMetadata, { group, remoteName, mode, metadata }, options),
        { signal: options.signal, repeatable: true, detail: { fileId } }
      )
      this.#locator.written(fileId, endpoint)
    })
  }
}
