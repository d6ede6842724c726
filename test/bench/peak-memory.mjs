// Preloaded into a measured process (`node --import`): leaves its peak resident memory, in bytes, in the file PEAK_FILE names.
// JavaScript, since Node would load a compiler for TypeScript (25 MB) into the process that is measured.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const path = process.env['PEAK_FILE']
  if (path) writeFileSync(path, String(process.resourceUsage().maxRSS * 1024))
})
