import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Who may talk to the browser host. Any web page the user visits can send requests to loopback, so being local proves nothing:
 * - Host must be our own address: a name an attacker points at 127.0.0.1 (DNS rebinding) is refused;
 * - Origin must be our own wherever it is sent, and must be sent for everything that changes something and for the WebSocket;
 * - a session cookie proves that the page was opened with the address printed at start. It is HttpOnly and SameSite=Strict,
 *   so no other site's page can use it. It lives as long as the process.
 */
export interface Guard {
  /** Goes into the printed address, once per launch. */
  readonly token: string
  /** null = fine, else why not. Checks everything but the session. */
  refuseAddress(request: IncomingMessage): string | null
  hasSession(request: IncomingMessage): boolean
  isToken(candidate: string): boolean
  /** Value of Set-Cookie that starts a session. */
  sessionCookie(): string
}

const SAFE_METHODS = new Set(['GET', 'HEAD'])

/** `port` is asked at each request: it is known only once the server listens. */
export function createGuard(port: () => number): Guard {
  const token = randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  // Cookies do not tell ports apart: two instances on one computer need two names.
  const cookieName = () => `fdfs_${port()}`
  return {
    token,
    refuseAddress(request) {
      const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`]
      const host = request.headers.host
      if (host === undefined || !hosts.includes(host)) return 'host'
      const origin = request.headers.origin
      const needed = !SAFE_METHODS.has(request.method ?? '') || request.headers.upgrade !== undefined
      if (origin === undefined ? needed : origin !== `http://${host}`) return 'origin'
      return null
    },
    hasSession(request) {
      const wanted = `${cookieName()}=`
      const found = (request.headers.cookie ?? '')
        .split(';')
        .map((part) => part.trim())
        .find((part) => part.startsWith(wanted))
      return found !== undefined && sameText(found.slice(wanted.length), session)
    },
    isToken: (candidate) => sameText(candidate, token),
    sessionCookie: () => `${cookieName()}=${session}; Path=/; HttpOnly; SameSite=Strict`
  }
}

/** Constant time, also for different lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
