/**
 * npm runs a script through a shell, and a signal to npm ends that shell only: the program itself would stay behind, without anybody
 * to end it. Run by npm, it therefore ends cleanly as soon as its parent is gone.
 */
export function endWithParent(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, 500)
  timer.unref()
}
