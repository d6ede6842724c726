import type { FolderNode } from '../../../shared/model.ts'

export interface TreeFolder {
  path: string
  name: string
  /** Files in it and below it. */
  fileCount: number
  children: TreeFolder[]
}

/** A tree of the folders, with those between them that hold no files of their own; sorted by name as people expect. */
export function folderTree(nodes: readonly FolderNode[], locale: string): TreeFolder[] {
  const byPath = new Map<string, TreeFolder>()
  const roots: TreeFolder[] = []
  const folder = (path: string): TreeFolder => {
    const known = byPath.get(path)
    if (known) return known
    const cut = path.lastIndexOf('/')
    const made: TreeFolder = { path, name: path.slice(cut + 1), fileCount: 0, children: [] }
    byPath.set(path, made)
    if (cut < 0) roots.push(made)
    else folder(path.slice(0, cut)).children.push(made)
    return made
  }
  for (const node of nodes) {
    if (node.path === '') continue
    folder(node.path)
    for (let path = node.path; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/'))))
      folder(path).fileCount += node.fileCount
  }
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const sort = (list: TreeFolder[]): void => {
    list.sort((a, b) => compare(a.name, b.name))
    for (const each of list) sort(each.children)
  }
  sort(roots)
  return roots
}
