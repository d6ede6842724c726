import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { bundledPlugin } from './scripts/lib/bundled-plugin.ts'
import { licencesPlugin } from './scripts/lib/licences-plugin.ts'

export default defineConfig({
  main: {
    plugins: [bundledPlugin(resolve('.'), 'main')],
    // `debug` takes it when it happens to be installed, as it is here for tools: no part of the program by accident.
    resolve: { alias: { 'supports-color': resolve('scripts/lib/nothing.ts') } },
    build: {
      rolldownOptions: {
        input: {
          index: resolve('src/main/electron/index.ts'),
          browser: resolve('src/main/browser/index.ts'),
          cli: resolve('src/main/cli/index.ts'),
          'library-worker': resolve('src/main/library/worker.ts')
        }
      }
    }
  },
  preload: {
    plugins: [bundledPlugin(resolve('.'), 'preload')],
    // A sandboxed preload must be one CommonJS file.
    build: {
      rolldownOptions: { input: resolve('src/preload/index.ts'), output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), tailwindcss(), licencesPlugin(resolve('.')), bundledPlugin(resolve('.'), 'renderer')],
    build: {
      minify: true,
      rolldownOptions: {
        input: resolve('src/renderer/index.html'),
        // The list of components does nothing by itself: what only a later view uses is fetched with that view.
        treeshake: { moduleSideEffects: [{ test: /src\/renderer\/(components|features)\//, sideEffects: false }] }
      }
    }
  }
})
