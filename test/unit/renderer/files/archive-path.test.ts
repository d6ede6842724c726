import { describe, expect, it } from 'vitest'
import { archiveName, isPlainName, joinPath, withZipExtension } from '../../../../src/renderer/features/files/archive-path.ts'

describe('archive paths', () => {
  it('names an archive after what is shown and the day', () => {
    expect(archiveName('秋季', new Date(2026, 0, 5))).toBe('秋季-2026-01-05.zip')
    expect(archiveName('a/b:c', new Date(2026, 10, 22))).toBe('a b c-2026-11-22.zip')
    expect(archiveName('', new Date(2026, 10, 22))).toBe('files-2026-11-22.zip')
  })

  it('adds the extension once', () => {
    expect(withZipExtension('a')).toBe('a.zip')
    expect(withZipExtension('a.ZIP')).toBe('a.ZIP')
  })

  it('joins as the platform does', () => {
    expect(joinPath('/home/a', 'x.zip', 'linux')).toBe('/home/a/x.zip')
    expect(joinPath('C:\\Users\\a', 'x.zip', 'win32')).toBe('C:\\Users\\a\\x.zip')
    expect(joinPath('/', 'x.zip', 'linux')).toBe('/x.zip')
  })

  it('takes only names that stay in their folder', () => {
    for (const bad of ['', '  ', 'a/b', 'a\\b', '..']) expect(isPlainName(bad)).toBe(false)
    expect(isPlainName('终稿.zip')).toBe(true)
  })
})
