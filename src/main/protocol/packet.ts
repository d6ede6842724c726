import { ByteReader, invalid } from './reader.ts'
import { ByteWriter } from './writer.ts'
import { HEADER_BYTES, encodeRequestHeader, encodeResponseHeader } from './header.ts'
import type { Codec, Command, ContentCommand } from './types.ts'

/** Header and body of a request, ready to be written. For a content command: header and fixed part, with the full pkg_len. */
export function encodeRequest<Req, Res>(command: Command<Req, Res>, request: Req): Buffer {
  const packet = withHeaderSpace(command.request, request)
  const content = 'fixedBytes' in command ? (request as { sizeBytes: number }).sizeBytes : 0
  return encodeRequestHeader(command.code, packet.length - HEADER_BYTES + content, command.flags?.(request) ?? 0, packet)
}

/** Header and body of a successful response. `contentBytes`: what the connection sends after it (downloads). */
export function encodeResponse<Req, Res>(command: Command<Req, Res>, response: Res, contentBytes = 0): Buffer {
  const packet = withHeaderSpace(command.response, response)
  return encodeResponseHeader(0, packet.length - HEADER_BYTES + contentBytes, packet)
}

/** A whole body as a value: PROTOCOL_TRUNCATED, PROTOCOL_INVALID, or the value and not one byte left over. */
export function decodeBody<T>(codec: Codec<T>, body: Uint8Array): T {
  const reader = new ByteReader(body)
  const value = codec.decode(reader)
  reader.end()
  return value
}

/**
 * The fixed part of a request with content, checked against the announced length of the whole body:
 * the real servers answer EINVAL when fixed part and content do not add up to it.
 */
export function decodeContentRequest<Req extends { sizeBytes: number }, Res>(
  command: ContentCommand<Req, Res>,
  fixedPart: Uint8Array,
  bodyBytes: number
): Req {
  const request = decodeBody(command.request, fixedPart)
  if (request.sizeBytes !== bodyBytes - fixedPart.length) throw invalid('lengths-disagree')
  return request
}

function withHeaderSpace<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new ByteWriter(HEADER_BYTES)
  codec.encode(writer, value)
  return writer.finish()
}
