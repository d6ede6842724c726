interface ImportMetaEnv {
  /** Whose announcements of new versions a release believes: base64 of the SPKI form of an Ed25519 key (`npm run sign-feed`). */
  readonly MAIN_VITE_UPDATE_KEY?: string
}
