import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Addresses that the portals' router knows; everything below them is its business. */
const portals = ['/', '/sign-in', '/me', '/me/*', '/buy', '/buy/*', '/steward', '/steward/*', '/verify', '/verify/*']

/**
 * Serves the portals: one page for all of their addresses, and the hashed files that it names. Each delivery of the page allows one fresh word (nonce)
 * to the style sheets that components add; scripts come from this house alone, and no request goes to anybody else (CSP level 3).
 */
export async function webRoutes(app: FastifyInstance, folder: string): Promise<void> {
  const page = join(folder, 'index.html')
  if (!existsSync(page)) return
  const text = readFileSync(page, 'utf8')
  const deliver = async (_request: unknown, reply: FastifyReply) => {
    const nonce = randomBytes(18).toString('base64')
    return reply
      .header('content-security-policy', policy(nonce))
      .header('referrer-policy', 'no-referrer')
      .header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
      .type('text/html; charset=utf-8')
      .send(text.replaceAll('nonce-placeholder', nonce))
  }
  for (const url of portals) app.get(url, { config: { access: 'public' }, schema: { hide: true } }, deliver)
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    serve: false,
    preCompressed: true,
    cacheControl: false,
  })
  app.get<{ Params: { name: string } }>(
    '/assets/:name',
    { config: { access: 'public' }, schema: { hide: true } },
    // Hostile input: the plugin looks below its root alone, and answers 404 for what is not there.
    async (request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(request.params.name),
  )
  if (existsSync(join(folder, 'embed', 'consent.js')))
    app.get('/embed/consent.js', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      // Any site may load the card's script: it holds nothing of anybody.
      reply
        .header('cache-control', 'public, max-age=3600')
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .sendFile('consent.js', join(folder, 'embed')),
    )
  const icon = readFileSync(join(folder, 'icon.svg'))
  app.get('/icon.svg', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon),
  )
}

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
