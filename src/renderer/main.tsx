import { createRoot } from 'react-dom/client'
import { createClient, installClient } from './api/client.ts'
import { openHostLink } from './api/link.ts'
import { App } from './app/App.tsx'
import { browserLanguage, startI18n } from './i18n/index.ts'

installClient(createClient(openHostLink()))

const root = document.getElementById('root')
if (root) void startI18n(browserLanguage(navigator.languages)).then(() => createRoot(root).render(<App />))
