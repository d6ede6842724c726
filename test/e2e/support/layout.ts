import type { Page } from '@playwright/test'

/**
 * What breaks out of its place when every text is longer than it is now, as a translation may be: texts that stick out of the button,
 * dialog, menu or window they belong to, without an ellipsis. The texts are as before afterwards.
 */
export async function brokenByLongTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const FRAME = 'button, [role=dialog], [role=alertdialog], [role=menu], nav, main, aside'
    const shown = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect()
      return width > 2 && height > 2 && getComputedStyle(element).visibility === 'visible'
    }
    const nodes: Text[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node as Text
      const parent = text.parentElement
      // Keys and drawings are the same in every language.
      if (parent === null || parent.closest('kbd, script, style, svg, .sr-only') !== null || text.data.trim() === '' || !shown(parent))
        continue
      nodes.push(text)
    }
    const before = nodes.map((node) => node.data)
    for (const node of nodes) node.data += ` ${node.data}`.slice(0, Math.max(3, Math.ceil(node.data.length * 0.4)))
    const problems: string[] = []
    if (document.documentElement.scrollWidth > window.innerWidth)
      problems.push(`the window scrolls sideways: ${document.documentElement.scrollWidth}`)
    for (const node of nodes) {
      const parent = node.parentElement
      const frame = parent?.closest(FRAME)
      if (!parent || !frame) continue
      // Cut off on purpose, or scrolled.
      let clipped = false
      for (let each: Element | null = parent; each !== null && each !== frame.parentElement; each = each.parentElement) {
        if (getComputedStyle(each).overflowX !== 'visible') clipped = true
      }
      if (clipped) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const text = range.getBoundingClientRect()
      const box = frame.getBoundingClientRect()
      if (text.width > 0 && (text.right > box.right + 1 || text.left < box.left - 1))
        problems.push(
          `“${node.data.slice(0, 60)}” sticks out of <${frame.tagName.toLowerCase()}> by ${Math.round(Math.max(text.right - box.right, box.left - text.left))} px`
        )
    }
    nodes.forEach((node, index) => {
      node.data = before[index] ?? ''
    })
    return problems
  })
}
