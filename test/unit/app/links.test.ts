import { describe, expect, it } from 'vitest'
import { formatLink } from '../../../src/main/app/links.ts'

const file = { fileId: 'group1/M00/00/00/abc.jpg', group: 'group1', name: 'photo.jpg', ext: 'jpg' }
const base = { '': 'https://files.example', group2: 'http://two:8888/x' }

describe('links', () => {
  it('are the file ID, or the address of the group before it', () => {
    expect(formatLink(file, 'id', {})).toBe('group1/M00/00/00/abc.jpg')
    expect(formatLink(file, 'url', base)).toBe('https://files.example/group1/M00/00/00/abc.jpg')
    expect(formatLink({ ...file, group: 'group2' }, 'url', base)).toBe('http://two:8888/x/group1/M00/00/00/abc.jpg')
  })

  it('show pictures as pictures and other files as links', () => {
    expect(formatLink(file, 'markdown', base)).toBe('![photo.jpg](https://files.example/group1/M00/00/00/abc.jpg)')
    expect(formatLink({ ...file, ext: 'zip', name: 'a.zip' }, 'html', base)).toBe(
      '<a href="https://files.example/group1/M00/00/00/abc.jpg">a.zip</a>'
    )
  })

  it('never let a name become markup', () => {
    const name = '"><script>alert(1)</script>\n](javascript:alert(1))'
    const html = formatLink({ ...file, name }, 'html', base)
    expect(html).toMatch(/^<img src="[^"<>]+" alt="[^"<>]+">$/)
    const markdown = formatLink({ ...file, name }, 'markdown', base)
    expect(markdown).not.toContain('\n')
    expect(markdown.replace(/\\./g, '')).toMatch(/^!\[[^\][]*\]\([^()]+\)$/)
  })

  it('need an address, and no name of a group finds one by accident', () => {
    expect(() => formatLink(file, 'url', {})).toThrow('LINK_BASE_MISSING')
    expect(() => formatLink({ ...file, group: 'constructor' }, 'url', {})).toThrow('LINK_BASE_MISSING')
  })
})
