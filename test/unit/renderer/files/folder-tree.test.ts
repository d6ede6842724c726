import { describe, expect, it } from 'vitest'
import { folderTree } from '../../../../src/renderer/features/files/folder-tree.ts'

describe('the folder tree', () => {
  it('adds the folders between and counts what is below', () => {
    const tree = folderTree(
      [
        { path: 'a/b/c', fileCount: 2 },
        { path: 'a', fileCount: 1 }
      ],
      'en'
    )
    expect(tree).toEqual([
      {
        path: 'a',
        name: 'a',
        fileCount: 3,
        children: [{ path: 'a/b', name: 'b', fileCount: 2, children: [{ path: 'a/b/c', name: 'c', fileCount: 2, children: [] }] }]
      }
    ])
  })

  it('sorts numbers by value and leaves out the root', () => {
    const names = folderTree(
      ['shot 10', 'shot 9', '', '品牌'].map((path) => ({ path, fileCount: 1 })),
      'en'
    ).map((folder) => folder.name)
    expect(names.slice(0, 2)).toEqual(['shot 9', 'shot 10'])
    expect(names).toHaveLength(3)
  })
})
