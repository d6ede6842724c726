import { CODES } from '../codes.ts'
import { fileRef, nothing } from '../codecs.ts'
import type { FileRef } from '../fields.ts'
import type { Command } from '../types.ts'

/** 12. request: group 16 | name = rest     response: empty. Takes the metadata with it; ENOENT when the file is missing. */
export const deleteFile: Command<FileRef, void> = {
  name: 'deleteFile',
  code: CODES.DELETE_FILE,
  request: fileRef,
  response: nothing,
  maxResponse: 0
}
