export { SettingsView as View } from './SettingsView.tsx'
