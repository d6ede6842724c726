import { createScratch } from '../../scripts/lib/scratch.ts'

/** Runs before the first and after the last test of a run: whatever tests write outside the repository is below one folder. */
export default function setup(): () => void {
  const scratch = createScratch()
  Object.assign(process.env, scratch.env)
  return () => {
    const left = scratch.remove()
    if (left.length > 0) throw new Error(`Tests left behind in the folder for temporary files: ${left.join(', ')}`)
  }
}
